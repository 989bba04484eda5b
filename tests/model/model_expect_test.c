/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expectations: each form is read, printed and held against facts. */
#include "model/expect.h"

#include "json_node.h"

#include <math.h>
#include <string.h>

static struct facts *clip(void)
{
    struct facts *facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->duration_s = 10;
    facts->fps = (struct rational){25, 1};
    facts->width = 1920;
    facts->codec = g_strdup("h264");
    facts->channels = facts->audio_tracks = 2;
    facts->measured = true;
    facts->integrated_lufs = -23.3;
    facts->true_peak_dbtp = -1.2;
    facts->black = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_array_append_val(facts->black, ((struct span){3, 3.8}));
    facts->silence = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_array_append_val(facts->silence, ((struct span){1, 1.9}));
    facts->languages = g_strdup("eng, deu");
    facts->subtitle_languages = g_strdup("");
    facts->combed_percent = 0.5;
    return facts;
}

static bool passes(const char *name, const char *value, const struct facts *facts,
                   const struct facts *source)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) node = node_scalar(value, (struct mark){0});
    struct expectation *e = expectation_parse(name, node, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    g_assert_nonnull(e);
    struct check *check = expectation_check(e, facts, source);
    bool pass = check->pass;
    g_test_message("%s: %s, measured %s", check->name, check->expected, check->measured);
    g_assert_nonnull(check->measured);
    check_destroy(check);
    expectation_destroy(e);
    return pass;
}

static void forms_hold_or_do_not(void)
{
    static const struct {
        const char *name, *value;
        bool pass;
    } cases[] = {
        {"loudness", "-23 LUFS ±0.5", true},
        {"loudness", "-23 LUFS ±0.2 LU", false},
        {"loudness", "-23 +/-0.3", true},
        {"integrated_lufs", "-23 LUFS", true},
        {"loudness", "-14 LUFS", false},
        {"loudness", "-25 LUFS to -22 LUFS", true},
        {"loudness", "-23 to -22", false},
        {"true_peak", "at most -1 dBTP", true},
        {"loudness", "-23 LUFS ±0.5, or unmeasurable", true},
        {"loudness", "-14 LUFS ±0.5, or unmeasurable", false},
        {"loudness", "-23.3 LUFS ±0.1, dual mono, or unmeasurable", true},
        {"true_peak", "<= -2 dBTP", false},
        {"true_peak", "at least -2 dBTP", true},
        {"true_peak", ">= -1", false},
        {"true_peak", "-1 dBTP ±0.2 dB", true},
        {"width", "1920", true},
        {"width", "1921", false},
        {"width", "at most 3840", true},
        {"fps", "25", true},
        {"fps", "24000/1001 to 30", true},
        {"fps", "23.976", false},
        {"fps", "23.976 or 25 or 29.97", true},
        {"fps", "24 or 29.97", false},
        {"width", "1280 or 1920", true},
        {"duration", "10s ±1f", true},
        {"duration", "10.1s ±1f", false},
        {"duration", "10.1s ±3f", true},
        {"codec", "h264 or hevc", true},
        {"codec", "prores", false},
        {"hdr", "no", true},
        {"hdr", "true", false},
        {"hdr_format", "none", true},
        {"timecode", "none or 01:00:00:00", true},
        {"black", "none", false},
        {"black", "none longer than 1s", true},
        {"black", "none longer than 500ms", false},
        {"silence", "none", true}, /* 0.9 s of it: pauses are none */
        {"silence", "none longer than 0.8s", false},
        {"silence", "none longer than 0.9s", true},
        {"dropouts", "none, or absent", false}, /* there is sound, and it wasn't looked for */
        {"loudness", "-23 LUFS ±0.5, or absent, or unmeasurable", true},
        {"loudness", "-14 LUFS, or absent", false},
        {"freeze", "none", false},      /* not looked for: unknown */
        {"lra", "at most 20 LU", true}, /* measured, not measurable */
        {"lra", "at least 1 LU", false},
        {"sample_rate", "48 kHz", false}, /* unknown */
        {"audio_tracks", "2", true},
        {"black", "at most 1", true},
        {"black", "at most 0", false},
        {"flashes", "at most 3", false}, /* not looked for */
        {"languages", "eng, deu", true},
        {"languages", "ENG,deu", true},
        {"languages", "en, ger", true},
        {"languages", "deu, eng", false},
        {"languages", "eng, de-AT", false},
        {"languages", "eng", false},
        {"languages", "none or eng, deu", true},
        {"subtitle_languages", "none", true},
        {"silent_channels", "none", false}, /* unknown */
        {"bar_top", "0", true},
        {"combing", "at most 1%", true},
    };
    g_auto(facts_ptr) facts = clip();
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        if (passes(cases[i].name, cases[i].value, facts, NULL) != cases[i].pass)
            g_error("%s: %s", cases[i].name, cases[i].value);
}

static void silence_will_do_where_it_is_said(void)
{
    g_auto(facts_ptr) facts = clip();
    facts->integrated_lufs = NAN;
    g_assert_false(passes("loudness", "-23 LUFS ±0.5", facts, NULL));
    g_assert_true(passes("loudness", "-23 LUFS ±0.5, or unmeasurable", facts, NULL));
    facts->measured = false;
    g_assert_false(passes("loudness", "-23 LUFS ±0.5, or unmeasurable", facts, NULL));
}

static void a_mono_file_may_be_read_as_heard_twice(void)
{
    g_auto(facts_ptr) facts = clip();
    facts->channels = 1;
    facts->integrated_lufs = -19.01;
    g_assert_true(passes("loudness", "-16 LUFS ±0.01, dual mono", facts, NULL));
    g_assert_true(passes("loudness", "at most -16 LUFS, dual mono", facts, NULL));
    g_assert_false(passes("loudness", "at most -16.1 LUFS, dual mono", facts, NULL));
    g_assert_false(passes("loudness", "-16 LUFS ±0.01", facts, NULL));
}

static void the_source_is_compared_with(void)
{
    g_auto(facts_ptr) facts = clip();
    g_auto(facts_ptr) source = clip();
    source->duration_s = 10.03;
    source->timecode = g_strdup("01:00:00:00");
    g_assert_true(passes("duration", "source ±1f", facts, source));
    g_assert_false(passes("duration", "source ±10ms", facts, source));
    g_assert_true(passes("width", "source", facts, source));
    g_assert_false(passes("timecode", "source", facts, source));
    g_assert_true(passes("hdr", "source", facts, source));
    g_assert_true(passes("duration", "source ±1f", facts, NULL));
}

static void add_picture(struct facts *facts, double duration_s)
{
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    stream->kind = g_strdup("video");
    stream->duration_s = duration_s;
    g_ptr_array_add(facts->streams, stream);
}

static void lengths_that_are_judged_by_the_pictures_are_said_to_be(void)
{
    g_auto(facts_ptr) facts = clip();
    g_auto(facts_ptr) source = clip();
    add_picture(facts, 4);
    add_picture(source, 4.01);
    facts->duration_s = 9;
    source->duration_s = 4.05;
    g_auto(node_ptr) node = node_scalar("source ±1f", (struct mark){0});
    g_auto(diag_ptr) diag = diag_create();
    struct expectation *e = expectation_parse("duration", node, diag);
    struct check *check = expectation_check(e, facts, source);
    g_assert_true(check->pass);
    g_assert_cmpstr(check->measured, ==,
                    "4 s of picture (source: 4.01 s), in all 9 s (source: 4.05 s)");
    check_destroy(check);
    expectation_destroy(e);
}

/* 23.81 frames a second are no rate, but a frame is still 42 ms. */
static void a_frame_without_a_rate_is_an_average_one(void)
{
    g_auto(facts_ptr) facts = clip();
    g_auto(facts_ptr) source = clip();
    facts->fps = source->fps = (struct rational){0, 1};
    facts->duration_s = facts->decoded_video_s = 0.084;
    facts->decoded_frames = 2;
    source->duration_s = 0.042;
    g_assert_true(passes("duration", "source ±1f", facts, source));
    facts->decoded_frames = 3;
    g_assert_false(passes("duration", "source ±1f", facts, source));
}

static struct facts *mute_clip(void)
{
    struct facts *mute = clip();
    mute->channels = mute->audio_tracks = 0;
    mute->integrated_lufs = NAN;
    return mute;
}

static void what_is_expected_of_a_missing_stream_fails(void)
{
    g_auto(facts_ptr) mute = mute_clip();
    g_auto(facts_ptr) sound = clip();
    sound->kind = KIND_AUDIO;
    g_assert_false(passes("loudness", "-23 LUFS", mute, NULL));
    g_assert_false(passes("true_peak", "at most -1 dBTP", mute, sound));
    g_assert_false(passes("silence", "none", mute, NULL));
    g_assert_false(passes("audio_codec", "aac", mute, sound));
    g_assert_false(passes("audio_codec", "aac", mute, NULL));
    g_assert_true(passes("audio_codec", "none", mute, sound));
    g_assert_false(passes("audio_tracks", "1", mute, NULL));
    g_assert_false(passes("black", "none", sound, NULL));
    g_assert_false(passes("blank", "no", sound, NULL));
}

static void a_stream_that_the_source_has_not_either_may_be_missing(void)
{
    g_auto(facts_ptr) mute = mute_clip();
    g_assert_true(passes("loudness", "-23 LUFS", mute, mute));
    g_assert_true(passes("audio_codec", "aac", mute, mute));
}

static void a_stream_may_be_missing_where_it_is_said(void)
{
    g_auto(facts_ptr) mute = mute_clip();
    g_auto(facts_ptr) sound = clip();
    sound->kind = KIND_AUDIO;
    g_assert_true(passes("loudness", "-23 LUFS ±0.5, or absent", mute, NULL));
    g_assert_true(passes("silence", "none longer than 20s, or absent", mute, NULL));
    g_assert_true(passes("audio_codec", "aac, or absent", mute, NULL));
    g_assert_true(passes("black", "none, or absent", sound, NULL));
    g_assert_false(passes("black", "none, or absent", mute, NULL));
}

static void what_there_is_no_source_for_is_not_judged(void)
{
    g_auto(facts_ptr) facts = clip();
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) node = node_scalar("source", (struct mark){0});
    struct expectation *e = expectation_parse("width", node, diag);
    struct check *alone = expectation_check(e, facts, NULL);
    struct check *beside = expectation_check(e, facts, facts);
    g_assert_true(alone->pass && alone->unjudged);
    g_assert_cmpstr(alone->measured, ==, "1920 (not judged: no source to compare with)");
    g_assert_true(beside->pass && !beside->unjudged);
    check_destroy(alone);
    check_destroy(beside);
    expectation_destroy(e);
}

/* A mute second track, of which no levels are known. */
static void what_is_wrong_with_a_further_sound_track_is_told_with_its_number(void)
{
    g_auto(facts_ptr) made = clip();
    struct facts *track = facts_create();
    track->kind = KIND_AUDIO;
    track->measured = true;
    track->channels = 2;
    track->silence = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_array_append_val(track->silence, ((struct span){0, 10}));
    facts_add_track(made, track);
    g_autofree char *lines = facts_to_lines(made);
    g_auto(facts_ptr) facts = facts_from_lines(lines);
    g_auto(facts_ptr) copy = facts_copy(made);
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) node = node_scalar("none", (struct mark){0});
    struct expectation *e = expectation_parse("silence", node, diag);
    struct check *check = expectation_check(e, facts, NULL);
    g_assert_false(check->pass);
    g_assert_cmpstr(check->measured, ==, "1, the longest 10.00 s at 0.00 s (sound track 2)");
    check_destroy(check);
    expectation_destroy(e);
    g_assert_false(passes("silence", "none longer than 9s", copy, NULL));
    g_assert_true(passes("silence", "none longer than 11s", copy, NULL));
    g_assert_true(passes("loudness", "-23 LUFS ±0.5", copy, NULL));
    g_assert_true(passes("black", "at most 1", copy, NULL));
}

static void refused(const char *name, const char *value, const char *message)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) node = node_scalar(value, (struct mark){0});
    g_assert_null(expectation_parse(name, node, diag));
    g_autofree char *text = diag_text(diag, false);
    if (!strstr(text, message))
        g_error("wanted \"%s\" in:\n%s", message, text);
}

static void nonsense_is_refused_with_the_forms(void)
{
    refused("loudnes", "-23", "did you mean \"loudness\"");
    refused("loudness", "-23 Hz", "in LUFS");
    refused("loudness", "-22 to -25", "low to high");
    refused("loudness", "-23 ±-1", "±tolerance");
    refused("loudness", "-23 ±", "±tolerance");
    refused("width", "1920 ±1f", "plain number");
    refused("black", "2", "none longer than 1s");
    refused("freeze", "none longer than 0.3s", "0.5s at least");
    refused("silence", "none longer than 50ms", "0.1s at least");
    refused("width", "1920, or absent", "plain number");
    refused("hdr", "maybe", "yes, no");
    refused("codec", "", "a text");
    refused("duration", "source 1", "source");
}

static void a_map_prints_and_reads_back(void)
{
    g_auto(node_ptr) map = from_json("{\"loudness\": \"-23 LUFS ±0.5\", \"codec\": [\"h264\", "
                                     "\"hevc\"], \"width\": 1920, \"hdr\": false}");
    g_auto(diag_ptr) diag = diag_create();
    g_autoptr(GPtrArray) list = expect_parse(map, diag);
    g_assert_cmpuint(diag_errors(diag), ==, 0);
    g_assert_cmpuint(list->len, ==, 4);
    g_assert_true(expect_needs(list, KIND_AUDIO, FACT_METERED));
    g_auto(node_ptr) printed = expect_print(list);
    g_autofree char *text = node_canonical(printed);
    g_autoptr(GPtrArray) again = expect_parse(printed, diag);
    g_auto(node_ptr) printed_again = expect_print(again);
    g_autofree char *text_again = node_canonical(printed_again);
    g_assert_cmpstr(text, ==, text_again);
    g_assert_nonnull(strstr(text, "h264 or hevc"));
    g_auto(node_ptr) wrong = from_json("[1]");
    g_autoptr(GPtrArray) none = expect_parse(wrong, diag);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(diag_errors(diag), ==, 1);
    g_autoptr(JsonNode) schema = expect_schema();
    g_assert_nonnull(schema);
}

static void any_holds_whatever_it_is(void)
{
    struct facts *facts = clip();
    g_assert_true(passes("width", "any", facts, NULL));
    g_assert_true(passes("timecode", "any", facts, NULL));
    g_assert_true(passes("black", "any", facts, NULL));
    g_assert_true(passes("psnr", "any", facts, NULL));
    facts_destroy(facts);
}

/* A programme on the first track, on the second one noise that is too short for sound. */
static struct facts *two_tracks(const char *container)
{
    struct facts *facts = clip(), *second = facts_create();
    facts->container = g_strdup(container);
    facts->silent_channels = g_strdup("");
    second->silence = g_array_new(FALSE, FALSE, sizeof(struct span));
    second->silent_channels = g_strdup("FR");
    g_array_append_val(second->silence, ((struct span){0, 10}));
    facts_add_track(facts, second);
    return facts;
}

static void an_unused_track_is_ordinary_in_mxf_alone(void)
{
    struct facts *broadcast = two_tracks("mxf"), *other = two_tracks("mov");
    g_assert_true(passes("silence", "none longer than 5s, or unused", broadcast, NULL));
    g_assert_true(passes("silent_channels", "none, or unused", broadcast, NULL));
    g_assert_false(passes("silence", "none longer than 5s", broadcast, NULL));
    g_assert_false(passes("silence", "none longer than 5s, or unused", other, NULL));
    g_assert_false(passes("silent_channels", "none, or unused", other, NULL));
    g_array_index(broadcast->silence, struct span, 0) = (struct span){0, 10};
    g_assert_false(passes("silence", "none longer than 5s, or unused", broadcast, NULL));
    facts_destroy(broadcast);
    facts_destroy(other);
}

static void a_silent_channel_of_a_track_that_sounds_is_not_unused(void)
{
    struct facts *facts = two_tracks("mxf"), *second = facts->tracks->pdata[0];
    g_array_set_size(second->silence, 0);
    g_assert_false(passes("silent_channels", "none, or unused", facts, NULL));
    g_free(second->silent_channels);
    second->silent_channels = g_strdup("");
    g_assert_true(passes("silent_channels", "none, or unused", facts, NULL));
    g_free(facts->silent_channels);
    facts->silent_channels = g_strdup("FR");
    g_assert_false(passes("silent_channels", "none, or unused", facts, NULL));
    facts_destroy(facts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expect/forms-hold-or-do-not", forms_hold_or_do_not);
    g_test_add_func("/expect/silence-will-do", silence_will_do_where_it_is_said);
    g_test_add_func("/expect/dual-mono", a_mono_file_may_be_read_as_heard_twice);
    g_test_add_func("/expect/the-source-is-compared-with", the_source_is_compared_with);
    g_test_add_func("/expect/a-frame-without-a-rate", a_frame_without_a_rate_is_an_average_one);
    g_test_add_func("/expect/a-missing-stream-fails", what_is_expected_of_a_missing_stream_fails);
    g_test_add_func("/expect/a-stream-the-source-has-not-either",
                    a_stream_that_the_source_has_not_either_may_be_missing);
    g_test_add_func("/expect/a-stream-may-be-missing", a_stream_may_be_missing_where_it_is_said);
    g_test_add_func("/expect/judged-by-the-pictures",
                    lengths_that_are_judged_by_the_pictures_are_said_to_be);
    g_test_add_func("/expect/no-source-is-not-judged", what_there_is_no_source_for_is_not_judged);
    g_test_add_func("/expect/further-sound-tracks",
                    what_is_wrong_with_a_further_sound_track_is_told_with_its_number);
    g_test_add_func("/expect/nonsense-is-refused-with-the-forms",
                    nonsense_is_refused_with_the_forms);
    g_test_add_func("/expect/a-map-prints-and-reads-back", a_map_prints_and_reads_back);
    g_test_add_func("/expect/any holds whatever it is", any_holds_whatever_it_is);
    g_test_add_func("/expect/an unused track is ordinary in MXF alone",
                    an_unused_track_is_ordinary_in_mxf_alone);
    g_test_add_func("/expect/a silent channel of a track that sounds is not unused",
                    a_silent_channel_of_a_track_that_sounds_is_not_unused);
    return g_test_run();
}
