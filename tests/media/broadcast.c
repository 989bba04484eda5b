/* SPDX-License-Identifier: GPL-3.0-or-later
 * Broadcast Wave files (EBU Tech 3285 v2, R 98): what is known of a recording comes along, and is
 * true of what was written. */
#include "sound_help.h"
#include "wave_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV(codec) "{\"container\": \"wav\", \"audio\": {\"codec\": \"" codec "\"}}"
#define BEXT(mode) "{\"container\": \"wav\", \"audio\": {\"bext\": \"" mode "\"}}"

static const guint64 HOUR = 48000u * 3600u;

/* Two seconds of numbered samples. */
static int recording(int rate, guint64 time_reference, const char *history)
{
    g_autoptr(GByteArray) bext = wave_bext(time_reference, history);
    struct wave *wave = wave_begin(rate, 1);
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_samples(wave, 2 * rate);
    return wave_end(wave);
}

static GBytes *bext_of(const struct bench *bench, unsigned output)
{
    goffset at = 0;
    GBytes *bext = wave_find(bench_fd(bench, output), "bext", &at);
    g_assert_cmpint(at, <, wave_place(bench_fd(bench, output), "data"));
    return bext;
}

static guint64 reference_of(const struct bench *bench, unsigned output)
{
    g_autoptr(GBytes) bext = bext_of(bench, output);
    return wave_number(bext, BEXT_TIME_REFERENCE, 8);
}

static void assert_text(GBytes *bext, gsize at, gsize room, const char *text)
{
    const char *data = g_bytes_get_data(bext, NULL);
    g_autofree char *found = g_strndup(data + at, room);
    g_assert_cmpstr(found, ==, text);
}

static struct bench *rendered(int source, const char *encode, const char *steps)
{
    struct bench *bench = bench_create(source);
    bench_output(bench, encode, steps);
    bench_render(bench);
    g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
    return bench;
}

/* --- the chunk itself --- */

static void fields_are_kept_and_the_version_is_2(void)
{
    g_auto(bench_ptr) bench = rendered(recording(48000, HOUR, ""), WAV("pcm_s24le"), NULL);
    g_autoptr(GByteArray) was = wave_bext(HOUR, "");
    g_autoptr(GBytes) is = bext_of(bench, 0);
    const guint8 *data = g_bytes_get_data(is, NULL);
    g_assert_cmpmem(data, BEXT_VERSION, was->data, BEXT_VERSION);
    g_assert_cmpmem(data + BEXT_UMID, 64, was->data + BEXT_UMID, 64);
    g_assert_cmpuint(wave_number(is, BEXT_VERSION, 2), ==, 2);
}

/* Version 0 has no UMID; what stands there, and in what is reserved, isn't known. */
static void nothing_is_read_out_of_what_is_reserved(void)
{
    g_autoptr(GByteArray) was = wave_bext(HOUR, "");
    memset(was->data + BEXT_VERSION, 0, 2);
    memset(was->data + BEXT_UMID, 0x55, BEXT_HISTORY - BEXT_UMID);
    struct wave *wave = wave_begin(48000, 1);
    wave_chunk(wave, "bext", was->data, was->len);
    wave_samples(wave, 4800);
    g_auto(bench_ptr) bench = rendered(wave_end(wave), WAV("pcm_s24le"), NULL);
    g_autoptr(GBytes) is = bext_of(bench, 0);
    for (gsize at = BEXT_UMID; at < BEXT_LOUDNESS; at++)
        g_assert_cmpuint(wave_number(is, at, 1), ==, 0);
    for (gsize at = BEXT_LOUDNESS + 10; at < BEXT_HISTORY; at++)
        g_assert_cmpuint(wave_number(is, at, 1), ==, 0);
}

/* Tech 3285 v2, 2.4: what is unknown is 0x7FFF. */
static int hundredths(double value)
{
    return isnan(value) ? 0x7FFF : (int)lround(100 * value);
}

static void check_loudness(const struct bench *bench, unsigned output)
{
    g_auto(bench_ptr) meter = bench_create(dup(bench_fd(bench, output)));
    g_autoptr(GBytes) bext = bext_of(bench, output);
    bench_output(meter, NULL, NULL);
    bench_measure(meter);
    const struct facts *facts = bench_result(meter, 0)->measured;
    const double values[] = {facts->integrated_lufs, facts->lra_lu, facts->true_peak_dbtp,
                             facts->max_momentary_lufs, facts->max_short_term_lufs};
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpint((gint16)wave_number(bext, BEXT_LOUDNESS + 2 * i, 2), ==,
                        hundredths(values[i]));
}

/* Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS is -23.0 LUFS, whatever its format. */
static void loudness_is_that_of_the_finished_file(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000, 2, 4, sound_tone, 0.5));
    bench_output(bench, BEXT("always"), "[{\"gain\": {\"gain\": \"-16.98 dB\"}}]");
    bench_output(bench, WAV("pcm_s16le"), "[{\"loudness\": {\"target\": \"-23 LUFS\"}}]");
    bench_output(bench, WAV("pcm_f32le"), "[{\"loudness\": {\"target\": \"-40 LUFS\"}}]");
    bench_output(bench, WAV("pcm_f64le"), "[{\"loudness\": {\"target\": \"-23 LUFS\"}}]");
    bench_know_loudness(bench);
    bench_render(bench);
    static const int lufs[] = {-2300, -2300, -4000, -2300};
    for (unsigned i = 0; i < G_N_ELEMENTS(lufs); i++) {
        g_autoptr(GBytes) bext = bext_of(bench, i);
        int read = (gint16)wave_number(bext, BEXT_LOUDNESS, 2);
        g_assert_cmpint(ABS(read - lufs[i]), <=, 10);
        check_loudness(bench, i);
    }
}

/* Half a second of tone, another 12 dB softer, and a tail that is 60 dB softer. */
static float fading(int c, int64_t i, double amplitude)
{
    double share = i < 24000 ? 1 : i < 48000 ? 0.25 : 0.001;
    return sound_tone(c, i, share * amplitude);
}

/* Of less than two seconds, measured by its render. The tail of `fading` comes to lie on the other
 * side of the absolute gate, which moves the relative one by 3 LU, across the softer half. */
static void loudness_of_a_short_sound_is_that_of_the_finished_file(void)
{
    static const struct {
        signal_of *signal;
        double amplitude;
        const char *loudness;
    } rows[] = {
        {sound_tone, 0.001, "[{\"loudness\": {\"target\": \"-23 LUFS\"}}]"},
        {sound_tone, 0.5, "[{\"loudness\": {\"target\": \"-60 LUFS\"}}]"},
        {sound_tone, 0.001,
         "[{\"loudness\": {\"target\": \"-23 LUFS\"}}, {\"fade\": {\"in\": \"1s\"}}]"},
        {fading, 0.01, "[{\"loudness\": {\"target\": \"-13 LUFS\"}}]"},
        {fading, 0.5, "[{\"loudness\": {\"target\": \"-40 LUFS\"}}]"},
    };
    static const char *const written[] = {WAV("pcm_s16le"), WAV("pcm_s24le"), WAV("pcm_f32le")};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %u", i);
        g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2,
                                                          1.9, rows[i].signal, rows[i].amplitude));
        for (unsigned c = 0; c < G_N_ELEMENTS(written); c++)
            bench_output(bench, written[c], rows[i].loudness);
        bench_render(bench);
        for (unsigned c = 0; c < G_N_ELEMENTS(written); c++)
            check_loudness(bench, c);
    }
}

static float silence(int c, int64_t i, double amplitude)
{
    return 0;
}

/* Tech 3285 v2, 2.4: 0x7FFF. */
static void what_cannot_be_measured_is_unknown(void)
{
    g_auto(bench_ptr) bench =
        rendered(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2, 1, silence, 0),
                 BEXT("always"), NULL);
    g_autoptr(GBytes) bext = bext_of(bench, 0);
    for (unsigned i = 0; i < 5; i++)
        g_assert_cmpuint(wave_number(bext, BEXT_LOUDNESS + 2 * i, 2), ==, 0x7FFF);
}

/* R 98: a line a generation, each with CR and LF. */
static void history_is_kept_whole_and_gets_a_line(void)
{
    static const char ours[] = "A=PCM,F=48000,W=24,M=mono,T=rushes " RUSHES_VERSION "\r\n";
    static const char old[] = "A=ANALOGUE,M=mono,T=reel 5\r\n";
    g_autoptr(GString) long_one = g_string_new(NULL);
    while (long_one->len < 20000)
        g_string_append(long_one, old);
    static const char open[] = "A=ANALOGUE,M=mono,T=reel 5";
    const char *const histories[] = {"", old, open, long_one->str};
    for (unsigned i = 0; i < G_N_ELEMENTS(histories); i++) {
        g_auto(bench_ptr) bench =
            rendered(recording(48000, HOUR, histories[i]), WAV("pcm_s24le"), NULL);
        g_autoptr(GBytes) bext = bext_of(bench, 0);
        g_autofree char *whole =
            g_strconcat(histories[i], histories[i] == open ? "\r\n" : "", ours, NULL);
        g_assert_cmpuint(g_bytes_get_size(bext), ==, BEXT_HISTORY + (strlen(whole) + 1) / 2 * 2);
        assert_text(bext, BEXT_HISTORY, g_bytes_get_size(bext) - BEXT_HISTORY, whole);
    }
}

static void a_chunk_comes_when_there_is_something_to_say(void)
{
    static const struct {
        const char *encode, *steps;
        bool recording, chunk;
    } rows[] = {
        {WAV("pcm_s24le"), NULL, true, true},
        {BEXT("never"), NULL, true, false},
        {WAV("pcm_s24le"), NULL, false, false},
        {BEXT("always"), NULL, false, true},
        {WAV("pcm_s24le"), "[{\"loudness\": {\"target\": \"-23 LUFS\"}}]", false, true},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int flac = sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 48000, 1, 1, sound_tone, 0.1);
        g_auto(bench_ptr) bench = bench_create(rows[i].recording ? recording(48000, 0, "") : flac);
        if (rows[i].recording)
            close(flac);
        bench_output(bench, rows[i].encode, rows[i].steps);
        bench_know_loudness(bench);
        bench_render(bench);
        g_autoptr(GBytes) bext = bext_of(bench, 0);
        g_assert_true((bext != NULL) == rows[i].chunk);
    }
}

static void other_containers_say_that_they_have_none(void)
{
    g_auto(bench_ptr) bench = bench_create(recording(48000, HOUR, ""));
    bench_output(bench, "{\"container\": \"flac\"}", NULL);
    bench_output(bench, "{\"container\": \"aiff\", \"audio\": {\"bext\": \"always\"}}", NULL);
    bench_render(bench);
    g_assert_true(bench_noted(bench, 0, "dropped: what a WAVE file has a place for (bext)"));
    g_assert_cmpint(bench_result(bench, 1)->failure.class, ==, FAIL_CONFIG);
}

static void tags_reach_the_chunk(void)
{
    g_auto(bench_ptr) bench = bench_create(recording(48000, HOUR, ""));
    bench_output(bench, WAV("pcm_s24le"),
                 "[{\"metadata\": {\"description\": \"Sc\\u00e8ne 13\", \"tags\": "
                 "{\"originator\": \"Studio\", \"date\": \"2027-01-02 03:04:05\"}}}]");
    bench_output(bench, WAV("pcm_s24le"),
                 "[{\"metadata\": {\"strip\": \"true\", \"title\": \"T\"}}]");
    bench_render(bench);
    g_autoptr(GBytes) set = bext_of(bench, 0);
    assert_text(set, BEXT_DESCRIPTION, 256, "Sc\xc3\xa8ne 13");
    assert_text(set, BEXT_ORIGINATOR, 32, "Studio");
    assert_text(set, BEXT_REFERENCE, 32, "USABC1234");
    assert_text(set, BEXT_DATE, 10, "2027-01-02");
    assert_text(set, BEXT_TIME, 8, "03-04-05");
    g_autoptr(GBytes) bare = bext_of(bench, 1);
    assert_text(bare, BEXT_DESCRIPTION, 256, "");
    assert_text(bare, BEXT_ORIGINATOR, 32, "");
    assert_text(bare, BEXT_REFERENCE, 32, "");
    g_assert_cmpuint(reference_of(bench, 1), ==, HOUR);
}

static void a_tag_without_a_place_is_told(void)
{
    static const char *const steps = "[{\"metadata\": {\"title\": \"T\", \"description\": \"D\", "
                                     "\"tags\": {\"album\": \"A\", \"reel\": \"R\"}}}]";
    static const struct {
        const char *encode;
        bool title, description, album, reel;
    } rows[] = {
        {BEXT("always"), true, true, true, false},
        {BEXT("never"), true, false, true, false},
        {"{\"container\": \"flac\"}", true, true, true, true},
        {"{\"container\": \"aiff\"}", true, true, false, false},
        {"{\"container\": \"w64\"}", false, false, false, false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench = rendered(recording(48000, HOUR, ""), rows[i].encode, steps);
        g_test_message("%s", rows[i].encode);
        g_assert_true(bench_noted(bench, 0, "dropped: the tag reel") == !rows[i].reel);
        g_assert_true(bench_noted(bench, 0, "dropped: the tag title") == !rows[i].title);
        g_assert_true(bench_noted(bench, 0, "dropped: the tag album") == !rows[i].album);
        g_assert_true(bench_noted(bench, 0, "dropped: the tag description") ==
                      !rows[i].description);
        SF_INFO info;
        SNDFILE *file = sound_open(bench_fd(bench, 0), &info);
        g_assert_cmpstr(sf_get_string(file, SF_STR_TITLE), ==, rows[i].title ? "T" : NULL);
        g_assert_cmpstr(sf_get_string(file, SF_STR_ALBUM), ==, rows[i].album ? "A" : NULL);
        sf_close(file);
    }
}

/* --- where it starts --- */

/* The samples are numbered: the first one says what was cut. */
static void a_time_reference_follows_cuts_to_the_sample(void)
{
    static const guint64 starts[] = {0, 48000u * 3600u, (G_GUINT64_CONSTANT(1) << 33) + 5};
    static const char *const cuts[] = {
        "[{\"trim\": {\"from\": \"0.5s\"}}]",
        "[{\"trim\": {\"from\": \"0.0333s\"}}]",
        "[{\"trim\": {\"from\": \"0.0333s\"}}, {\"trim\": {\"from\": \"0.0333s\"}}]",
        "[{\"trim\": {\"to\": \"1s\"}}]",
    };
    for (unsigned s = 0; s < G_N_ELEMENTS(starts); s++) {
        g_auto(bench_ptr) bench = bench_create(recording(44100, starts[s], ""));
        bench->task->source->duration_s = 2;
        for (unsigned i = 0; i < G_N_ELEMENTS(cuts); i++)
            bench_output(bench, WAV("pcm_s24le"), cuts[i]);
        bench_render(bench);
        for (unsigned i = 0; i < G_N_ELEMENTS(cuts); i++) {
            int first, last;
            wave_ends(bench_fd(bench, i), 1, &first, &last);
            g_assert_true(first > 0 || i == 3);
            g_assert_cmpuint(reference_of(bench, i), ==, starts[s] + (guint64)first);
        }
    }
}

static void a_time_reference_counts_at_the_rate_of_the_file(void)
{
    g_auto(bench_ptr) bench = bench_create(recording(48000, HOUR, ""));
    bench->task->source->duration_s = 2;
    bench_output(bench, WAV("pcm_s24le"), "[{\"resample\": {\"rate\": \"96 kHz\"}}]");
    bench_output(bench, WAV("pcm_s24le"), "[{\"resample\": {\"rate\": \"44.1 kHz\"}}]");
    bench_output(bench, WAV("pcm_s24le"),
                 "[{\"trim\": {\"from\": \"1s\"}}, {\"resample\": {\"rate\": \"44.1 kHz\"}}]");
    bench_render(bench);
    g_assert_cmpuint(reference_of(bench, 0), ==, 96000u * 3600u);
    g_assert_cmpuint(reference_of(bench, 1), ==, 44100u * 3600u);
    g_assert_cmpuint(reference_of(bench, 2), ==, 44100u * 3601u);
}

/* Whatever it says. */
static void a_time_reference_that_nothing_moves_is_kept(void)
{
    static const guint64 starts[] = {0, 1, G_MAXUINT32, G_MAXUINT64};
    for (unsigned i = 0; i < G_N_ELEMENTS(starts); i++) {
        g_auto(bench_ptr) bench = rendered(recording(48000, starts[i], ""), WAV("pcm_s16le"), NULL);
        g_assert_cmpuint(reference_of(bench, 0), ==, starts[i]);
    }
}

/* SMPTE ST 12-1: 01:00:00;00 is frame 107,892 of 1001/30000 s each, 01:00:00:00 at 24000/1001 is
 * 3603.6 s, at 25 it is 3600 s. */
static void a_timecode_becomes_a_time_reference(void)
{
    static const struct {
        const char *code;
        struct rational fps;
        guint64 samples;
    } rows[] = {
        {"01:00:00;00", {30000, 1001}, 172799827},
        {"01:00:00:00", {24000, 1001}, 172972800},
        {"01:00:00:00", {25, 1}, 172800000},
        {"10:00:00:12", {25, 1}, 1728023040},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench = bench_create(
            sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000, 2, 2, sound_tone, 0.1));
        bench->task->source->timecode = g_strdup(rows[i].code);
        bench->task->source->fps = rows[i].fps;
        bench->task->source->duration_s = 2;
        bench_output(bench, WAV("pcm_s24le"), NULL);
        bench_output(bench, WAV("pcm_s24le"), "[{\"trim\": {\"from\": \"0.5s\"}}]");
        bench_output(bench, "{\"container\": \"flac\"}", NULL);
        bench_render(bench);
        g_assert_cmpuint(reference_of(bench, 0), ==, rows[i].samples);
        g_assert_cmpuint(reference_of(bench, 1), ==, rows[i].samples + 24000);
        g_assert_false(bench_noted(bench, 0, "dropped: timecode"));
        g_assert_true(bench_noted(bench, 2, "dropped: timecode"));
    }
}

static void a_timecode_that_cant_be_counted_is_told(void)
{
    static const struct {
        const char *code;
        struct rational fps;
    } rows[] = {{"01:00:00:00", {0, 1}}, {"01:00:00:29", {25, 1}}, {"01:00:00;00", {25, 1}}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench = bench_create(
            sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000, 2, 1, sound_tone, 0.1));
        bench->task->source->timecode = g_strdup(rows[i].code);
        bench->task->source->fps = rows[i].fps;
        bench_output(bench, WAV("pcm_s24le"), NULL);
        bench_render(bench);
        g_assert_true(bench_noted(bench, 0, "dropped: timecode 01:00:00"));
    }
}

/* Both before the samples and, when silence is trimmed, after them; the samples are numbered. */
static void a_time_reference_follows_silence(void)
{
    static const struct {
        const char *steps;
        double put_s; /* before */
    } rows[] = {
        {"[{\"silence\": {\"trim\": \"start\"}}]", 0},
        {"[{\"silence\": {\"trim\": \"both\", \"head\": \"1s\"}}]", 1},
        {"[{\"trim\": {\"from\": \"0.1s\"}}, {\"silence\": {\"trim\": \"both\"}}, "
         "{\"trim\": {\"from\": \"0.1s\"}}]",
         0},
    };
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const char *steps = rows[i / 2].steps;
        g_auto(bench_ptr) bench = bench_create(recording(48000, HOUR, ""));
        bench->task->source->duration_s = 2;
        bench_output(bench, WAV("pcm_s24le"), i % 2 ? steps : NULL);
        if (i % 2 == 0)
            bench_share(bench, steps);
        bench_render(bench);
        g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
        g_autoptr(GBytes) data = wave_find(bench_fd(bench, 0), "data", NULL);
        gsize put = (gsize)(rows[i / 2].put_s * 48000);
        guint64 first = wave_number(data, put * 3, 3);
        g_assert_cmpuint(first, >, 8000);
        g_assert_cmpuint(reference_of(bench, 0), ==, HOUR + first - put);
    }
}

/* Of a timecode that drops frames a day has 2,589,408 of them. */
static void before_midnight_is_the_day_before(void)
{
    static const struct {
        const char *code;
        struct rational fps;
        guint64 samples;
    } rows[] = {
        {NULL, {0, 1}, 48000u * 86399u - 24000u},
        {"00:00:00;00", {30000, 1001}, 4147195853u - 72000u},
        {"00:00:00:00", {30000, 1001}, 4151347200u - 72000u},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench =
            bench_create(rows[i].code ? sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000, 2, 2,
                                                   sound_tone, 0.1)
                                      : recording(48000, 0, ""));
        bench->task->source->timecode = g_strdup(rows[i].code);
        bench->task->source->fps = rows[i].fps;
        bench_output(bench, WAV("pcm_s24le"), "[{\"silence\": {\"head\": \"1.5s\"}}]");
        bench_render(bench);
        g_assert_cmpuint(reference_of(bench, 0), ==, rows[i].samples);
    }
}

static const struct carried_row *row_of(const struct bench *bench, unsigned output, enum keep keep)
{
    const GPtrArray *rows = bench_result(bench, output)->claim.carried;
    for (guint i = 0; i < rows->len; i++)
        if (((const struct carried_row *)rows->pdata[i])->keep == keep)
            return rows->pdata[i];
    return NULL;
}

/* EBU Tech 3285: OriginationDate and OriginationTime, with any of five separators. */
static void its_date_and_time_are_one_moment_elsewhere(void)
{
    static const char *const encodes[] = {"{\"container\": \"ogg\"}", "{\"container\": \"mp3\"}",
                                          "{\"container\": \"flac\"}"};
    g_autoptr(GByteArray) bext = wave_bext(0, "");
    struct wave *wave = wave_begin(48000, 1);
    memcpy(bext->data + BEXT_DATE, "2026-01-31", 10);
    memcpy(bext->data + BEXT_TIME, "10-20-30", 8);
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_samples(wave, 4800);
    g_auto(bench_ptr) bench = bench_create(wave_end(wave));
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++)
        bench_output(bench, encodes[i], NULL);
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        const struct carried_row *row = row_of(bench, i, KEEP_DATES);
        g_assert_nonnull(row);
        g_assert_cmpstr(row->after, ==, "2026-01-31T10:20:30");
        g_assert_cmpint(row->fate, ==, FATE_KEPT);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/broadcast/A21 fields are kept, the version is 2",
                    fields_are_kept_and_the_version_is_2);
    g_test_add_func("/broadcast/nothing is read out of what is reserved",
                    nothing_is_read_out_of_what_is_reserved);
    g_test_add_func("/broadcast/A21 loudness is that of the finished file",
                    loudness_is_that_of_the_finished_file);
    g_test_add_func("/broadcast/A21 loudness of a short sound is that of the finished file",
                    loudness_of_a_short_sound_is_that_of_the_finished_file);
    g_test_add_func("/broadcast/A21 what can't be measured is unknown",
                    what_cannot_be_measured_is_unknown);
    g_test_add_func("/broadcast/A21 history is kept whole and gets a line",
                    history_is_kept_whole_and_gets_a_line);
    g_test_add_func("/broadcast/a chunk comes when there is something to say",
                    a_chunk_comes_when_there_is_something_to_say);
    g_test_add_func("/broadcast/other containers say that they have none",
                    other_containers_say_that_they_have_none);
    g_test_add_func("/broadcast/tags reach the chunk", tags_reach_the_chunk);
    g_test_add_func("/broadcast/a tag without a place is told", a_tag_without_a_place_is_told);
    g_test_add_func("/broadcast/A21 a time reference follows cuts to the sample",
                    a_time_reference_follows_cuts_to_the_sample);
    g_test_add_func("/broadcast/A21 a time reference that nothing moves is kept",
                    a_time_reference_that_nothing_moves_is_kept);
    g_test_add_func("/broadcast/A21 a time reference counts at the rate of the file",
                    a_time_reference_counts_at_the_rate_of_the_file);
    g_test_add_func("/broadcast/a timecode becomes a time reference",
                    a_timecode_becomes_a_time_reference);
    g_test_add_func("/broadcast/a timecode that can't be counted is told",
                    a_timecode_that_cant_be_counted_is_told);
    g_test_add_func("/broadcast/a time reference follows silence",
                    a_time_reference_follows_silence);
    g_test_add_func("/broadcast/before midnight is the day before",
                    before_midnight_is_the_day_before);
    g_test_add_func("/broadcast/its date and time are one moment elsewhere",
                    its_date_and_time_are_one_moment_elsewhere);
    return g_test_run();
}
