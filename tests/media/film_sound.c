/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound in films comes out to the sample (A19), and only what was asked for changes (A23). */
#include "corrected.h"

#include "media/source.h"

#include <math.h>
#include <unistd.h>

enum { SAMPLES = 100000, FRAMES = 52 };

static const struct film plain = {
    .muxer = "mov", .codec = "pcm_s16le", .frames = FRAMES, .samples = SAMPLES, .sounds = 1};

/* What our own reader gives of the default sound. */
struct heard {
    int64_t samples, loudest;
};

static float level_of(const AVFrame *frame, int i)
{
    int channels = frame->ch_layout.nb_channels;
    int at = av_sample_fmt_is_planar(frame->format) ? i : i * channels;
    switch (av_get_packed_sample_fmt(frame->format)) {
    case AV_SAMPLE_FMT_S16:
        return fabsf(((const int16_t *)frame->data[0])[at] / 32768.f);
    case AV_SAMPLE_FMT_S32:
        return fabsf((float)(((const int32_t *)frame->data[0])[at] / 2147483648.));
    default:
        return fabsf(((const float *)frame->data[0])[at]);
    }
}

static struct heard hear(int fd)
{
    struct failure failure = {0};
    struct heard heard = {0, -1};
    struct source_item item;
    float peak = 0;
    g_auto(source_ptr) source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_assert_true(source_use(source, source_sound(source), SOURCE_DECODE, &failure));
    while (source_next(source, &item, &failure) == SOURCE_FRAME) {
        for (int i = 0; i < item.frame->nb_samples; i++)
            if (level_of(item.frame, i) > peak) {
                peak = level_of(item.frame, i);
                heard.loudest = heard.samples + i;
            }
        heard.samples += item.frame->nb_samples;
    }
    return heard;
}

/* Lengths that fill the last packet of AAC, of Opus, and of none. */
static const int lengths[] = {SAMPLES, 96 * 1024, 104 * 960};

static void sound_comes_back_to_the_sample(void)
{
    static const struct correction corrections[] = {
        INTO("mov", "pcm_s24le"), INTO("mov", "alac"), INTO("mov", "aac"),  INTO("mp4", "aac"),
        INTO("mp4", "alac"),      INTO("mp4", "flac"), INTO("mp4", "opus"), INTO("mp4", "mp3"),
        INTO("mkv", "pcm_s24le"), INTO("mkv", "flac"), INTO("mkv", "opus"), INTO("mkv", "aac"),
        INTO("mkv", "mp3"),
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++)
        for (unsigned l = 0; l < G_N_ELEMENTS(lengths); l++) {
            struct film film = plain;
            film.samples = lengths[l];
            g_test_message("%s %s %d", corrections[i].container, corrections[i].codec, lengths[l]);
            int fd = corrected(film_make(&film), &corrections[i]);
            struct heard heard = hear(fd);
            g_assert_cmpint(heard.samples, ==, lengths[l]);
            g_assert_cmpint(ABS(heard.loudest - FILM_CLICK), <=, 1);
            close(fd);
        }
}

/* As libavformat reads it: the start is 0 and the length that of the edit list; what libavcodec
 * gives is longer by the rest of the last packet. */
static void aac_in_mp4_and_mov_is_exact_by_its_edit_list(void)
{
    static const struct correction corrections[] = {INTO("mp4", "aac"), INTO("mov", "aac")};
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&plain, &corrections[i]);
        const struct cert_stream *sound = sound_of(pair.after, 0);
        g_assert_cmpfloat(sound->start_s, ==, 0);
        g_assert_cmpfloat_with_epsilon(sound->duration_s, (double)SAMPLES / FILM_RATE, 1e-9);
        g_assert_cmpint(sound->decoded, >=, SAMPLES);
        g_assert_cmpint(sound->decoded, <, SAMPLES + 1024);
        g_assert_cmpint(ABS(sound->loudest - FILM_CLICK), <=, 1);
        pair_clear(&pair);
    }
}

/* What libavcodec alone gives. */
static void others_are_exact_for_any_reader(void)
{
    static const struct correction corrections[] = {
        INTO("mov", "pcm_s24le"), INTO("mov", "alac"), INTO("mp4", "alac"),
        INTO("mp4", "flac"),      INTO("mkv", "flac"), INTO("mkv", "opus"),
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&plain, &corrections[i]);
        g_assert_cmpint(sound_of(pair.after, 0)->decoded, ==, SAMPLES);
        g_assert_cmpint(ABS(sound_of(pair.after, 0)->loudest - FILM_CLICK), <=, 1);
        pair_clear(&pair);
    }
}

/* Edit lists of libavformat's usual 1/1000 s are rounded; a later start doesn't matter. */
static void sources_are_read_to_the_sample(void)
{
    static const struct {
        const char *muxer, *codec;
        int movie_timescale;
        double late_s;
    } rows[] = {{"mp4", "aac", FILM_RATE, 0}, {"mp4", "aac", 0, 0},
                {"mp4", "libopus", 0, 0},     {"mp4", "libmp3lame", 0, 0},
                {"mov", "alac", 0, 0},        {"mov", "pcm_s16le", 0, 0.5},
                {"matroska", "flac", 0, 0},   {"matroska", "libopus", 0, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct film film = plain;
        film.muxer = rows[i].muxer;
        film.codec = rows[i].codec;
        film.movie_timescale = rows[i].movie_timescale;
        film.late_s = rows[i].late_s;
        g_test_message("%s %s", rows[i].muxer, rows[i].codec);
        int fd = film_make(&film);
        struct heard heard = hear(fd);
        g_assert_cmpint(heard.samples, ==, SAMPLES);
        g_assert_cmpint(ABS(heard.loudest - FILM_CLICK), <=, 1);
        close(fd);
    }
}

/* The end of Opus that isn't heard stands in Matroska's packets, and in MP4's edit list. */
static void copied_sound_is_as_long(void)
{
    const struct correction first = INTO("mkv", "opus"), mp4 = INTO("mp4", NULL),
                            mkv = INTO("mkv", NULL);
    struct film film = plain;
    film.sounds = 2;
    for (unsigned l = 0; l < G_N_ELEMENTS(lengths); l++) {
        film.samples = lengths[l];
        int source = corrected(film_make(&film), &first);
        int in_mp4 = corrected(dup(source), &mp4), in_mkv = corrected(source, &mkv);
        g_auto(cert_ptr) moved = cert_of(in_mp4), same = cert_of(in_mkv);
        g_test_message("%d", lengths[l]);
        g_assert_cmpstr(sound_of(moved, 1)->md5, ==, sound_of(same, 1)->md5);
        g_assert_cmpfloat_with_epsilon(sound_of(moved, 1)->duration_s,
                                       (double)lengths[l] / FILM_RATE, 1e-9);
        g_assert_cmpint(sound_of(same, 1)->decoded, ==, lengths[l]);
        close(in_mp4);
        close(in_mkv);
    }
}

/* --- A23 --- */

static const struct film many = {.muxer = "mov",
                                 .codec = "pcm_s16le",
                                 .frames = FRAMES,
                                 .samples = SAMPLES,
                                 .sounds = 3,
                                 .default_sound = 1,
                                 .languages = {"eng", "ita", "fra"}};

static void check_kept(const struct cert_stream *before, const struct cert_stream *after)
{
    g_assert_cmpstr(after->language, ==, before->language);
    g_assert_cmpint(after->disposition, ==, before->disposition);
    g_assert_cmpint(after->rate, ==, before->rate);
    g_assert_cmpint(after->channels, ==, before->channels);
}

static void steps_of_sound_are_of_the_default_track(void)
{
    static const struct correction corrections[] = {INTO("mov", NULL), INTO("mkv", NULL),
                                                    INTO("mov", "pcm_s16le")};
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&many, &corrections[i]);
        for (unsigned n = 0; n < 3; n++) {
            const struct cert_stream *before = sound_of(pair.before, n);
            const struct cert_stream *after = sound_of(pair.after, n);
            g_assert_cmpint(!strcmp(after->md5, before->md5), ==, n != 1);
            check_kept(before, after);
        }
        g_assert_cmpstr(picture_of(pair.after)->md5, ==, picture_of(pair.before)->md5);
        pair_clear(&pair);
    }
}

/* QuickTime's own list has no "deu" and no "swe". */
static void every_language_keeps_its_name(void)
{
    static const struct correction corrections[] = {INTO("mov", NULL), INTO("mp4", NULL),
                                                    INTO("mkv", NULL)};
    struct film film = many;
    film.muxer = "mp4";
    film.codec = "aac";
    film.languages[1] = "deu";
    film.languages[2] = "swe";
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&film, &corrections[i]);
        for (unsigned n = 0; n < 3; n++)
            check_kept(sound_of(pair.before, n), sound_of(pair.after, n));
        g_assert_cmpstr(sound_of(pair.after, 0)->md5, ==, sound_of(pair.before, 0)->md5);
        g_assert_cmpstr(sound_of(pair.after, 2)->md5, ==, sound_of(pair.before, 2)->md5);
        pair_clear(&pair);
    }
}

static void steps_of_picture_and_sound_are_of_all_tracks(void)
{
    const struct correction trim = {.container = "mov", .step = "trim", .key = "to", .value = "1s"};
    struct pair pair = pair_of(&many, &trim);
    for (unsigned n = 0; n < 3; n++)
        g_assert_cmpint(sound_of(pair.after, n)->decoded, ==, FILM_RATE);
    pair_clear(&pair);
}

static unsigned count_sounds(const struct cert *cert)
{
    unsigned count = 0;
    for (unsigned i = 0; i < cert->streams->len; i++)
        count += ((const struct cert_stream *)cert->streams->pdata[i])->type == AVMEDIA_TYPE_AUDIO;
    return count;
}

/* MP4 keeps one of a picture that is encoded: it goes to players. */
static void tracks_are_kept_as_asked_for(void)
{
    static const struct {
        struct correction correction;
        unsigned kept;
    } rows[] = {
        {{.container = "mov", .tracks = TRACKS_ONE}, 1},
        {INTO("mp4", NULL), 3},
        {{.container = "mp4", .step = "trim", .key = "to", .value = "1s"}, 1},
        {{.container = "mp4", .tracks = TRACKS_ALL, .step = "trim", .key = "to", .value = "1s"},
         3}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct pair pair = pair_of(&many, &rows[i].correction);
        g_assert_cmpuint(count_sounds(pair.after), ==, rows[i].kept);
        g_assert_cmpstr(sound_of(pair.after, rows[i].kept / 2)->language, ==, "ita");
        pair_clear(&pair);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    av_log_set_level(AV_LOG_FATAL);
    g_test_add_func("/film/A19 sound comes back to the sample", sound_comes_back_to_the_sample);
    g_test_add_func("/film/A19 AAC in MP4 and MOV is exact by its edit list",
                    aac_in_mp4_and_mov_is_exact_by_its_edit_list);
    g_test_add_func("/film/A19 others are exact for any reader", others_are_exact_for_any_reader);
    g_test_add_func("/film/A19 sources are read to the sample", sources_are_read_to_the_sample);
    g_test_add_func("/film/A19 copied sound is as long", copied_sound_is_as_long);
    g_test_add_func("/film/A23 steps of sound are of the default track",
                    steps_of_sound_are_of_the_default_track);
    g_test_add_func("/film/A23 every language keeps its name", every_language_keeps_its_name);
    g_test_add_func("/film/A23 steps of picture and sound are of all tracks",
                    steps_of_picture_and_sound_are_of_all_tracks);
    g_test_add_func("/film/A23 tracks are kept as asked for", tracks_are_kept_as_asked_for);
    return g_test_run();
}
