/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters of sound, of times, tags and bits, each on what is made here and known. */
#include "meter/channels.h"
#include "meter/clip.h"
#include "meter/dropouts.h"
#include "meter/phase.h"
#include "meter/rate.h"
#include "meter/tags.h"
#include "meter/times.h"

#include <math.h>
#include <string.h>

enum { RATE = 8000, CHUNK = 250, CHANNELS_MOST = 6 };

/* A sample of a channel. */
typedef double sound(int channel, int i);

struct meters {
    struct clip_meter clip;
    struct phase_meter phase;
    struct channels_meter channels;
    struct dropouts_meter dropouts;
};

static struct facts *heard(const char *layout_name, sound *made, double seconds)
{
    struct facts *facts = facts_create();
    struct meters m;
    AVChannelLayout layout = {0};
    g_assert_cmpint(av_channel_layout_from_string(&layout, layout_name), >=, 0);
    clip_meter_init(&m.clip, RATE, layout.nb_channels, false);
    phase_meter_init(&m.phase, RATE, &layout);
    channels_meter_init(&m.channels, RATE, &layout);
    dropouts_meter_init(&m.dropouts, RATE, layout.nb_channels);
    float samples[CHANNELS_MOST][CHUNK];
    const float *planes[CHANNELS_MOST];
    const int frames = (int)lrint(seconds * RATE);
    for (int done = 0; done < frames; done += CHUNK) {
        for (int c = 0; c < layout.nb_channels; c++)
            for (int i = 0; i < CHUNK; i++)
                samples[c][i] = (float)made(c, done + i);
        for (int c = 0; c < layout.nb_channels; c++)
            planes[c] = samples[c];
        clip_meter_feed(&m.clip, planes, CHUNK, (double)done / RATE);
        phase_meter_feed(&m.phase, planes, CHUNK, (double)done / RATE);
        channels_meter_feed(&m.channels, planes, CHUNK);
        dropouts_meter_feed(&m.dropouts, planes, CHUNK, (double)done / RATE);
    }
    clip_meter_read(&m.clip, seconds, facts);
    phase_meter_read(&m.phase, seconds, facts);
    channels_meter_read(&m.channels, facts);
    dropouts_meter_read(&m.dropouts, seconds, facts);
    clip_meter_clear(&m.clip);
    phase_meter_clear(&m.phase);
    channels_meter_clear(&m.channels);
    dropouts_meter_clear(&m.dropouts);
    av_channel_layout_uninit(&layout);
    return facts;
}

static void assert_span(const GArray *spans, guint at, double start_s, double end_s)
{
    g_assert_cmpuint(spans->len, >, at);
    struct span span = g_array_index(spans, struct span, at);
    g_assert_cmpfloat_with_epsilon(span.start_s, start_s, 1e-6);
    g_assert_cmpfloat_with_epsilon(span.end_s, end_s, 1e-6);
}

static double tone(int i, double hertz)
{
    return sin(2 * G_PI * hertz * i / RATE);
}

/* --- clipping --- */

static double clipped(int channel, int i)
{
    const int at = i - RATE;
    if (channel == 1 && ((at >= 0 && at < 3) || (at >= 400 && at < 450)))
        return -1;
    if (channel == 0 && i >= 3 * RATE && i < 3 * RATE + 3)
        return 32767.0 / 32768;
    return i % 100 < 2 ? 1 : 0.5 * tone(i, 440);
}

/* Two samples are none; across chunks and a second of one another they are one. */
/* 255 of unsigned bytes is 127/128. */
static void full_scale_of_bytes_is_theirs(void)
{
    g_auto(facts_ptr) facts = facts_create();
    const float crest[4] = {127.0F / 128, 127.0F / 128, 127.0F / 128, 0};
    const float *const plane = crest;
    struct clip_meter meter;
    clip_meter_init(&meter, RATE, 1, true);
    clip_meter_feed(&meter, &plane, 4, 0);
    clip_meter_read(&meter, 4.0 / RATE, facts);
    clip_meter_clear(&meter);
    g_assert_cmpuint(facts->clipping->len, ==, 1);
}

static void three_samples_at_full_scale_are_clipping(void)
{
    g_auto(facts_ptr) facts = heard("stereo", clipped, 4);
    g_assert_cmpuint(facts->clipping->len, ==, 2);
    assert_span(facts->clipping, 0, 1, 1 + 450.0 / RATE);
    assert_span(facts->clipping, 1, 3, 3 + 3.0 / RATE);
}

/* 40 dB too loud from 2 s on: one run, by its joints. */
static double overdriven(int channel, int i)
{
    return CLAMP(tone(i, 440) * (i < 2 * RATE ? 0.5 : 50), -1, 1);
}

/* Of a sine at 50 times full scale asin(1/50) of each quarter isn't: 1.3 %; and of each crest of
 * 18 samples one at most falls on that. */
static void how_much_of_a_second_clips_is_told(void)
{
    g_auto(facts_ptr) facts = heard("stereo", overdriven, 4);
    g_assert_cmpuint(facts->clipping->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(facts->clipped_percent, 96, 4);
    g_auto(facts_ptr) some = heard("stereo", clipped, 4);
    g_assert_cmpfloat_with_epsilon(some->clipped_percent, 100 * 53.0 / RATE, 1e-9);
}

/* --- phase --- */

static double left_alone(int channel, int i)
{
    return channel ? 0.5 * tone(i, 330) : 0.5 * tone(i, 440);
}

static double turned(int channel, int i)
{
    const double s = 0.5 * tone(i, 440);
    return channel && i >= 4 * RATE && i < 8 * RATE ? -s : s;
}

static double mono(int channel, int i)
{
    return 0.5 * tone(i, 440);
}

/* Of 3 s the mean is below -0.5 once more than 2.25 of them are turned. */
static void sound_out_of_phase_is_a_span(void)
{
    g_auto(facts_ptr) facts = heard("stereo", turned, 12);
    g_assert_cmpfloat_with_epsilon(facts->min_correlation, -1, 1e-6);
    g_assert_cmpuint(facts->out_of_phase->len, ==, 1);
    assert_span(facts->out_of_phase, 0, 3.3, 8.7);
}

static void correlation_is_1_of_mono_and_0_of_strangers(void)
{
    g_auto(facts_ptr) same = heard("stereo", mono, 4);
    g_assert_cmpfloat_with_epsilon(same->min_correlation, 1, 1e-9);
    g_auto(facts_ptr) other = heard("stereo", left_alone, 4);
    g_assert_cmpfloat_with_epsilon(other->min_correlation, 0, 0.01);
    g_assert_cmpuint(other->out_of_phase->len, ==, 0);
    g_auto(facts_ptr) one = heard("mono", mono, 4);
    g_assert_true(isnan(one->min_correlation));
}

/* --- channels --- */

static double surround(int channel, int i)
{
    static const double levels[] = {0.5, 0.5, 0.3, 0, 0.0005, 0.2};
    return levels[channel] * (channel == 2 ? tone(i, 330) : tone(i, channel == 5 ? 220 : 440));
}

static double nothing(int channel, int i)
{
    return 0;
}

static void silent_and_identical_channels_are_named(void)
{
    g_auto(facts_ptr) facts = heard("5.1", surround, 1);
    g_assert_cmpstr(facts->silent_channels, ==, "LFE, BL");
    g_assert_cmpstr(facts->identical_channels, ==, "FL=FR");
    g_auto(facts_ptr) apart = heard("stereo", left_alone, 1);
    g_assert_cmpstr(apart->silent_channels, ==, "");
    g_assert_cmpstr(apart->identical_channels, ==, "");
}

/* A tone of both; what one has besides is `level` of it, at `hertz`. */
static double apart_level, apart_hertz;

static double nearly_mono(int channel, int i)
{
    return 0.5 * tone(i, 300) + (channel ? 0.5 * apart_level * tone(i, apart_hertz) : 0);
}

static bool is_dual_mono(double level, double hertz)
{
    apart_level = level;
    apart_hertz = hertz;
    g_auto(facts_ptr) facts = heard("stereo", nearly_mono, 1);
    return strcmp(facts->identical_channels, "FL=FR") == 0;
}

/* Below 1 kHz 0.01 of it are 40 dB, above it the limit is 0.25. */
static void what_lossy_coding_adds_to_one_channel_leaves_them_identical(void)
{
    g_assert_true(is_dual_mono(0.005, 300));
    g_assert_false(is_dual_mono(0.05, 300));
    g_assert_true(is_dual_mono(0.05, 3900));
    g_assert_false(is_dual_mono(0.3, 3900));
}

/* Left is away from 1 to 2 s, and again for 80 ms; both are from 3 to 3.5 s. */
static double with_dropouts(int channel, int i)
{
    const bool away = (i >= RATE && i < 2 * RATE) || (i >= 5 * RATE / 2 && i < 258 * RATE / 100);
    const bool both = i >= 3 * RATE && i < 7 * RATE / 2;
    return both || (channel == 0 && away) ? 0 : 0.3 * tone(i, 440);
}

static double nearly_as_soft(int channel, int i)
{
    return (channel == 0 && i >= RATE && i < 2 * RATE ? 0.0005 : 0.005) * tone(i, 440);
}

static void a_channel_that_is_away_while_others_sound_is_a_dropout(void)
{
    g_auto(facts_ptr) facts = heard("stereo", with_dropouts, 4);
    g_assert_cmpuint(facts->dropouts->len, ==, 1);
    assert_span(facts->dropouts, 0, 1, 2);
    g_assert_cmpstr(facts->silent_channels, ==, "");
    g_auto(facts_ptr) soft = heard("stereo", nearly_as_soft, 3);
    g_assert_cmpuint(soft->dropouts->len, ==, 0);
    g_auto(facts_ptr) never = heard("5.1", surround, 1);
    g_assert_cmpuint(never->dropouts->len, ==, 0);
}

static void silence_has_no_silent_channel(void)
{
    g_auto(facts_ptr) facts = heard("stereo", nothing, 1);
    g_assert_cmpuint(facts->dropouts->len, ==, 0);
    g_assert_cmpstr(facts->silent_channels, ==, "");
    g_assert_cmpstr(facts->identical_channels, ==, "");
}

static double lifted(int channel, int i)
{
    return 0.3 * tone(i, 400) - (channel ? 0.02 : 0.001);
}

static void dc_offset_is_of_the_channel_that_has_most(void)
{
    g_auto(facts_ptr) facts = heard("stereo", lifted, 1);
    g_assert_cmpfloat_with_epsilon(facts->dc_offset_percent, -2, 1e-3);
}

/* --- times --- */

static void a_frame_left_out_is_a_gap_and_so_is_going_back(void)
{
    static const double at_s[] = {0, 0.04, 0.08, 0.16, 0.20, 0.24, 0.22, 0.281};
    struct times_meter meter;
    g_autoptr(GArray) gaps = NULL;
    times_meter_init(&meter);
    for (unsigned i = 0; i < G_N_ELEMENTS(at_s); i++)
        times_meter_feed(&meter, at_s[i], 0.04, 0.025);
    spans_read(&meter.gaps, meter.end_s, &gaps);
    times_meter_clear(&meter);
    g_assert_cmpuint(gaps->len, ==, 2);
    assert_span(gaps, 0, 0.12, 0.16);
    assert_span(gaps, 1, 0.22, 0.24);
}

/* --- bits --- */

/* 1000 bytes 25 times a second, and for a second twice as much. */
static void the_most_bits_are_of_any_second(void)
{
    g_auto(facts_ptr) facts = facts_create();
    struct rate_meter meter;
    rate_meter_init(&meter);
    for (int i = 0; i < 100; i++)
        rate_meter_feed(&meter, i / 25.0, i >= 40 && i < 65 ? 2000 : 1000);
    rate_meter_read(&meter, facts);
    rate_meter_clear(&meter);
    g_assert_cmpfloat(facts->max_bit_rate, ==, 8 * 25 * 2000);
}

static void bits_without_times_have_no_rate(void)
{
    g_auto(facts_ptr) facts = facts_create();
    struct rate_meter meter;
    rate_meter_init(&meter);
    rate_meter_feed(&meter, 0, 1000);
    rate_meter_feed(&meter, NAN, 1000);
    rate_meter_read(&meter, facts);
    rate_meter_clear(&meter);
    g_assert_true(isnan(facts->max_bit_rate));
}

static void times_that_go_back_leave_the_second_behind(void)
{
    g_auto(facts_ptr) facts = facts_create();
    struct rate_meter meter;
    rate_meter_init(&meter);
    for (int i = 0; i < 100; i++)
        rate_meter_feed(&meter, 50 - i / 2, 1000);
    rate_meter_read(&meter, facts);
    rate_meter_clear(&meter);
    g_assert_cmpfloat(facts->max_bit_rate, ==, 8 * 2 * 1000);
}

/* --- tags --- */

static struct source_colors colors_of(int primaries, int transfer, int matrix)
{
    return (struct source_colors){.primaries = primaries, .transfer = transfer, .matrix = matrix};
}

static bool agree_in(enum AVCodecID codec, struct source_colors container, int primaries,
                     int transfer, int matrix)
{
    g_auto(facts_ptr) facts = facts_create();
    AVFrame *frame = av_frame_alloc();
    AVCodecParameters par = {.codec_id = codec};
    const AVStream av = {.codecpar = &par};
    const struct source_stream stream = {
        .av = &av, .container = container, .coded = colors_of(primaries, transfer, matrix)};
    struct tags_meter meter;
    frame->color_primaries = primaries;
    frame->color_trc = transfer;
    frame->colorspace = matrix;
    tags_meter_init(&meter, &stream);
    tags_meter_feed(&meter, frame);
    tags_meter_read(&meter, facts);
    av_frame_free(&frame);
    return facts->tags_agree;
}

static bool agree(struct source_colors container, int primaries, int transfer, int matrix)
{
    return agree_in(AV_CODEC_ID_H264, container, primaries, transfer, matrix);
}

static void a_codec_without_a_word_for_colors_agrees(void)
{
    g_assert_true(agree_in(AV_CODEC_ID_MJPEG, colors_of(1, 1, 1), 2, 2, AVCOL_SPC_BT470BG));
}

static void a_container_that_says_other_colors_disagrees(void)
{
    g_assert_true(agree(colors_of(1, 1, 1), 1, 1, 1));
    g_assert_true(agree(colors_of(1, 1, 1), 2, 2, 2));
    g_assert_true(agree(colors_of(1, 6, 1), 1, 1, 1));
    g_assert_true(agree(colors_of(2, 2, 2), 9, 16, 9));
    g_assert_true(agree(colors_of(5, 4, 5), 5, 5, 5)); /* in MXF */
    g_assert_false(agree(colors_of(1, 1, 1), 9, 16, 9));
    g_assert_false(agree(colors_of(1, 1, 1), 1, 1, 6));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/qc_sound/full scale of bytes is theirs", full_scale_of_bytes_is_theirs);
    g_test_add_func("/qc_sound/bits without times have no rate", bits_without_times_have_no_rate);
    g_test_add_func("/qc_sound/times that go back leave the second behind",
                    times_that_go_back_leave_the_second_behind);
    g_test_add_func("/qc_sound/three samples at full scale are clipping",
                    three_samples_at_full_scale_are_clipping);
    g_test_add_func("/qc_sound/how much of a second clips is told",
                    how_much_of_a_second_clips_is_told);
    g_test_add_func("/qc_sound/a channel that is away while others sound is a dropout",
                    a_channel_that_is_away_while_others_sound_is_a_dropout);
    g_test_add_func("/qc_sound/sound out of phase is a span", sound_out_of_phase_is_a_span);
    g_test_add_func("/qc_sound/correlation is 1 of mono and 0 of strangers",
                    correlation_is_1_of_mono_and_0_of_strangers);
    g_test_add_func("/qc_sound/silent and identical channels are named",
                    silent_and_identical_channels_are_named);
    g_test_add_func("/qc_sound/what lossy coding adds to one channel leaves them identical",
                    what_lossy_coding_adds_to_one_channel_leaves_them_identical);
    g_test_add_func("/qc_sound/silence has no silent channel", silence_has_no_silent_channel);
    g_test_add_func("/qc_sound/DC offset is of the channel that has most",
                    dc_offset_is_of_the_channel_that_has_most);
    g_test_add_func("/qc_sound/a frame left out is a gap, and so is going back",
                    a_frame_left_out_is_a_gap_and_so_is_going_back);
    g_test_add_func("/qc_sound/the most bits are of any second", the_most_bits_are_of_any_second);
    g_test_add_func("/qc_sound/a container that says other colors disagrees",
                    a_container_that_says_other_colors_disagrees);
    g_test_add_func("/qc_sound/a codec without a word for colors agrees",
                    a_codec_without_a_word_for_colors_agrees);
    return g_test_run();
}
