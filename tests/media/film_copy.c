/* SPDX-License-Identifier: GPL-3.0-or-later
 * A film whose sound is corrected keeps its picture, packet by packet and in time (A20). */
#include "corrected.h"

#include <math.h>
#include <unistd.h>

enum { FRAMES = 52 };

static const double frame_s = 0.04, sample_s = 1. / FILM_RATE, tick_s = 0.001 /* of Matroska */;

static const struct film plain = {
    .muxer = "mov", .codec = "pcm_s16le", .frames = FRAMES, .samples = 100000, .sounds = 1};

static bool is_matroska(const char *name)
{
    return !strcmp(name, "mkv") || !strcmp(name, "matroska");
}

/* What the times of two files may differ by. */
static double coarse_s(const struct film *film, const struct correction *correction)
{
    return is_matroska(film->muxer) || is_matroska(correction->container) ? tick_s + 1e-9
                                                                          : sample_s;
}

static void check_times(const struct cert_stream *before, const struct cert_stream *after,
                        double coarse, bool decoding)
{
    g_assert_cmpuint(after->pts_s->len, ==, before->pts_s->len);
    for (unsigned n = 0; n < before->pts_s->len; n++) {
        g_assert_cmpfloat_with_epsilon(pts_of(after, n) - pts_of(after, 0),
                                       pts_of(before, n) - pts_of(before, 0), coarse);
        if (decoding && !isnan(dts_of(before, n)) && !isnan(dts_of(before, 0)))
            g_assert_cmpfloat_with_epsilon(dts_of(after, n) - dts_of(after, 0),
                                           dts_of(before, n) - dts_of(before, 0), coarse);
    }
}

static const struct {
    const char *muxer, *codec;
} sources[] = {{"mov", "pcm_s16le"}, {"mp4", "aac"}, {"matroska", "flac"}, {"mpegts", "aac"}};
static const struct correction outputs[] = {INTO("mov", NULL), INTO("mp4", NULL), INTO("mkv", NULL),
                                            INTO("mkv", "flac"), INTO("mp4", "opus")};

static void check_picture(const struct film *film, const struct correction *correction)
{
    struct pair pair = pair_of(film, correction);
    const struct cert_stream *before = picture_of(pair.before), *after = picture_of(pair.after);
    bool same_form = strcmp(film->muxer, "mpegts") != 0; /* start codes become lengths */
    g_test_message("%s to %s", film->muxer, correction->container);
    g_assert_cmpstr(after->codec, ==, "h264");
    g_assert_cmpuint(after->pts_s->len, ==, FRAMES);
    g_assert_true(!same_form || !strcmp(before->md5, after->md5));
    check_times(before, after, coarse_s(film, correction), !is_matroska(correction->container));
    g_assert_cmpfloat(pts_of(after, 0), ==, 0);
    g_assert_cmpfloat(after->start_s, ==, 0);
    pair_clear(&pair);
}

static void picture_is_copied_packet_by_packet(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sources); i++)
        for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++) {
            struct film film = plain;
            film.muxer = sources[i].muxer;
            film.codec = sources[i].codec;
            check_picture(&film, &outputs[o]);
        }
}

/* How far the click is behind the first picture, as libav alone plays it. */
static double click_s(const struct cert *cert)
{
    const struct cert_stream *sound = sound_of(cert, 0), *picture = picture_of(cert);
    return sound->start_s + (double)sound->loudest / FILM_RATE - picture->start_s;
}

static void sound_stays_where_it_was(void)
{
    static const struct correction corrections[] = {INTO("mov", NULL), INTO("mp4", "aac"),
                                                    INTO("mp4", "opus"), INTO("mkv", "flac"),
                                                    INTO("mkv", "aac")};
    static const double late_s[] = {0, 0.5, 0.0123};
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++)
        for (unsigned l = 0; l < G_N_ELEMENTS(late_s); l++) {
            struct film film = plain;
            film.late_s = late_s[l];
            g_test_message("%s %s", corrections[i].container, corrections[i].codec);
            struct pair pair = pair_of(&film, &corrections[i]);
            g_assert_cmpfloat_with_epsilon(click_s(pair.after), click_s(pair.before),
                                           coarse_s(&film, &corrections[i]) + 1e-9);
            pair_clear(&pair);
        }
}

static void late_sound_starts_as_late_and_is_as_long(void)
{
    static const struct correction corrections[] = {INTO("mov", NULL), INTO("mov", "aac"),
                                                    INTO("mp4", "aac"), INTO("mp4", "opus"),
                                                    INTO("mkv", "flac")};
    struct film film = plain;
    film.late_s = 0.5;
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&film, &corrections[i]);
        const struct cert_stream *sound = sound_of(pair.after, 0);
        g_test_message("%s %s", corrections[i].container, corrections[i].codec);
        g_assert_cmpfloat_with_epsilon(sound->start_s, 0.5, sample_s);
        g_assert_cmpint(sound->decoded, >=, film.samples);
        g_assert_cmpint(sound->decoded, <, film.samples + 1024);
        pair_clear(&pair);
    }
}

/* Then the track starts with the picture, and nothing of what a step put there is cut off. */
static void what_is_heard_before_late_sound_stays(void)
{
    static const struct correction sooner[] = {
        {.container = "mov", .step = "delay", .key = "by", .value = "-200ms"},
        {.container = "mp4", .codec = "aac", .step = "delay", .key = "by", .value = "-200ms"}};
    static const struct correction mixed[] = {
        {.container = "mov", .mixed = &plain},
        {.container = "mkv", .codec = "flac", .mixed = &plain}};
    struct film film = plain;
    film.late_s = 0.5;
    for (unsigned i = 0; i < 2; i++) {
        struct pair moved = pair_of(&film, &sooner[i]), both = pair_of(&film, &mixed[i]);
        g_assert_cmpfloat_with_epsilon(click_s(moved.after), click_s(moved.before) - 0.2,
                                       sample_s + 1e-9);
        g_assert_cmpint(sound_of(moved.after, 0)->decoded, >=, film.samples + FILM_RATE / 2);
        g_assert_cmpfloat_with_epsilon(click_s(both.after), FILM_CLICK * sample_s, tick_s);
        g_assert_cmpint(sound_of(both.after, 0)->decoded, ==, film.samples + FILM_RATE / 2);
        pair_clear(&moved);
        pair_clear(&both);
    }
}

/* A late AAC track is copied with its priming: FFmpeg's own copy plays it. */
static void a_late_track_beside_it_keeps_its_priming(void)
{
    const struct correction to_mp4 = INTO("mp4", "aac"), again = INTO("mp4", NULL);
    struct film film = plain;
    film.late_s = 0.5;
    film.sounds = 2;
    film.languages[1] = "deu";
    int first = corrected(film_make(&film), &to_mp4);
    struct cert *before = cert_of(first);
    int second = corrected(first, &again);
    struct cert *after = cert_of(second);
    g_assert_cmpstr(sound_of(after, 1)->md5, ==, sound_of(before, 1)->md5);
    g_assert_cmpfloat_with_epsilon(sound_of(after, 1)->start_s, 0.5, sample_s);
    g_assert_cmpint(sound_of(after, 1)->loudest, ==, sound_of(before, 1)->loudest);
    g_assert_cmpint(sound_of(after, 1)->decoded, ==, sound_of(before, 1)->decoded);
    cert_free(before);
    cert_free(after);
    close(second);
}

/* Matroska's blocks are timed by when they are shown; nothing may be moved for when they are
 * decoded, nor for the priming of sound. */
static void nothing_is_late_in_matroska(void)
{
    static const struct correction corrections[] = {INTO("mkv", "aac"), INTO("mkv", "mp3"),
                                                    INTO("mkv", "opus")};
    for (unsigned i = 0; i < G_N_ELEMENTS(corrections); i++) {
        struct pair pair = pair_of(&plain, &corrections[i]);
        g_assert_cmpfloat(picture_of(pair.after)->start_s, ==, 0);
        g_assert_cmpfloat_with_epsilon(pts_of(picture_of(pair.after), 1), 3 * frame_s, 1e-9);
        g_assert_cmpfloat(pts_of(sound_of(pair.after, 0), 0), <, 0);
        pair_clear(&pair);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    av_log_set_level(AV_LOG_FATAL);
    g_test_add_func("/film/A20 picture is copied packet by packet",
                    picture_is_copied_packet_by_packet);
    g_test_add_func("/film/A20 sound stays where it was", sound_stays_where_it_was);
    g_test_add_func("/film/A20 late sound starts as late and is as long",
                    late_sound_starts_as_late_and_is_as_long);
    g_test_add_func("/film/A20 what is heard before late sound stays",
                    what_is_heard_before_late_sound_stays);
    g_test_add_func("/film/A20 a late track beside it keeps its priming",
                    a_late_track_beside_it_keeps_its_priming);
    g_test_add_func("/film/A20 nothing is late in Matroska", nothing_is_late_in_matroska);
    return g_test_run();
}
