/* SPDX-License-Identifier: GPL-3.0-or-later
 * Channels of sound files: which loudspeaker each is for. */
#include "sound_help.h"
#include "wave_help.h"

#include <string.h>
#include <unistd.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}"

static guint32 mask_of(int fd)
{
    guint8 head[80];
    g_assert_cmpint(pread(fd, head, sizeof head, 0), ==, sizeof head);
    for (int at = 12; at < 60; at++)
        if (memcmp(head + at, "fmt (\0\0\0\xfe\xff", 10) == 0)
            return head[at + 28] | (guint32)head[at + 29] << 8 | (guint32)head[at + 30] << 16;
    return G_MAXUINT32;
}

struct places {
    int count, map[6];
    guint32 mask;
};

/* 5.1 has its surrounds at the back or at the side. */
static const struct places back = {6,
                                   {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT,
                                    SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_LFE,
                                    SF_CHANNEL_MAP_REAR_LEFT, SF_CHANNEL_MAP_REAR_RIGHT},
                                   0x3f};
static const struct places side = {6,
                                   {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT,
                                    SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_LFE,
                                    SF_CHANNEL_MAP_SIDE_LEFT, SF_CHANNEL_MAP_SIDE_RIGHT},
                                   0x60f};
static const struct places two_one = {
    3, {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_LFE}, 0xb};

static int placed(const struct places *places)
{
    int fd = sound_empty(), samples[480 * 6] = {0};
    SF_INFO info = {.format = SF_FORMAT_WAVEX | SF_FORMAT_PCM_24,
                    .samplerate = 48000,
                    .channels = places->count};
    SNDFILE *file = sf_open_fd(dup(fd), SFM_WRITE, &info, SF_TRUE);
    g_assert_true(sf_command(file, SFC_SET_CHANNEL_MAP_INFO, (void *)places->map,
                             places->count * (int)sizeof places->map[0]) == SF_TRUE);
    sf_writef_int(file, samples, 480);
    sf_close(file);
    return fd;
}

/* Microsoft's speaker bits. */
static void channels_keep_their_places(void)
{
    static const struct places *const rows[] = {&back, &side, &two_one};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench = bench_create(placed(rows[i]));
        bench_output(bench, WAV, NULL);
        bench_render(bench);
        g_assert_cmphex(mask_of(bench_fd(bench, 0)), ==, rows[i]->mask);
    }
}

/* A field recorder's microphones stand nowhere in particular: mask 0. */
static void channels_without_places_are_given_none(void)
{
    struct wave *wave = wave_begin(48000, 6);
    wave_samples(wave, 4800);
    g_auto(bench_ptr) bench = bench_create(wave_end(wave));
    bench_output(bench, WAV, NULL);
    bench_output(bench, WAV, "[{\"channels\": {\"layout\": \"stereo\"}}]");
    bench_output(bench, WAV, "[{\"channels\": {\"layout\": \"5.1\"}}]");
    bench_render(bench);
    g_assert_cmphex(mask_of(bench_fd(bench, 0)), ==, 0);
    g_assert_cmphex(mask_of(bench_fd(bench, 1)), ==, G_MAXUINT32);
    g_assert_cmphex(mask_of(bench_fd(bench, 2)), ==, 0x3f);
}

/* FLAC says by the count which they are: WAVE has to write it. */
static void channels_of_flac_have_places(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 48000, 6, 0.1, sound_tone, 0.5));
    bench_output(bench, WAV, NULL);
    bench_render(bench);
    g_assert_cmphex(mask_of(bench_fd(bench, 0)), ==, 0x3f);
}

/* RFC 9639 9.1.3 counts channels: six are 5.1, with surrounds of either kind; three are 3.0. */
static void flac_says_when_it_has_no_name_for_a_layout(void)
{
    static const struct places *const rows[] = {&back, &side, &two_one};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench = bench_create(placed(rows[i]));
        bench_output(bench, "{\"container\": \"flac\"}", NULL);
        bench_render(bench);
        g_assert_true(bench_noted(bench, 0, "for the layout 2.1: it is read as 3.0") ==
                      (rows[i] == &two_one));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/places/channels keep their places", channels_keep_their_places);
    g_test_add_func("/places/channels without places are given none",
                    channels_without_places_are_given_none);
    g_test_add_func("/places/channels of FLAC have places", channels_of_flac_have_places);
    g_test_add_func("/places/FLAC says when it has no name for a layout",
                    flac_says_when_it_has_no_name_for_a_layout);
    return g_test_run();
}
