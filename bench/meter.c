/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a full measurement of sound costs beside integrated loudness alone: ten minutes of stereo at
 * 48 kHz through the meter, and through libebur128 in its mode I, in turn.
 *
 * The material is noise of 3 dB less an octave, in syllables and pauses as speech has them. CPU
 * seconds of this process; the ratio of the least, since others on the machine only add to them.
 * The goal is 1.3. */
#include "media/meter.h"

#include <ebur128.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RATE = 48000, CHANNELS = 2, SECONDS = 30, TIMES = 20, CHUNK = 4096 };
enum { FRAMES = RATE * SECONDS };

static float planes[CHANNELS][FRAMES], interleaved[FRAMES * CHANNELS];

/* Paul Kellet's filter of white noise, the economy version. */
static double pink(double state[3], double white)
{
    state[0] = 0.99765 * state[0] + white * 0.0990460;
    state[1] = 0.96300 * state[1] + white * 0.2965164;
    state[2] = 0.57000 * state[2] + white * 1.0526913;
    return state[0] + state[1] + state[2] + white * 0.1848;
}

static void make_programme(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3341);
    double state[CHANNELS][3] = {{0}}, level = 0, wanted = 0;
    for (int i = 0, next = 0; i < FRAMES; i++) {
        if (i == next) {
            bool pause = g_rand_int_range(rand, 0, 5) == 0;
            wanted = pause ? 0.0005 : 0.02 * g_rand_double_range(rand, 0.1, 1);
            next += (int)(RATE * g_rand_double_range(rand, 0.08, 0.5));
        }
        level += (wanted - level) / 400;
        for (int c = 0; c < CHANNELS; c++) {
            planes[c][i] = (float)(level * pink(state[c], g_rand_double_range(rand, -1, 1)));
            interleaved[i * CHANNELS + c] = planes[c][i];
        }
    }
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double full(struct loudness *read)
{
    struct failure failure = {FAIL_NONE, NULL};
    const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    double start_s = cpu_s();
    struct loudness_meter *meter = loudness_meter_create(RATE, &stereo, &failure);
    for (int t = 0; t < TIMES; t++)
        for (int at = 0; at < FRAMES; at += CHUNK)
            loudness_meter_feed(meter, (const float *[]){planes[0] + at, planes[1] + at},
                                MIN(CHUNK, FRAMES - at), &failure);
    loudness_meter_read(meter, read);
    loudness_meter_destroy(meter);
    return cpu_s() - start_s;
}

static double integrated(double *read)
{
    double start_s = cpu_s();
    ebur128_state *state = ebur128_init(CHANNELS, RATE, EBUR128_MODE_I);
    for (int t = 0; t < TIMES; t++)
        for (int at = 0; at < FRAMES; at += CHUNK)
            ebur128_add_frames_float(state, interleaved + (gsize)at * CHANNELS,
                                     (size_t)MIN(CHUNK, FRAMES - at));
    ebur128_loudness_global(state, read);
    ebur128_destroy(&state);
    return cpu_s() - start_s;
}

int main(int argc, char **argv)
{
    int turns = MAX(argc > 1 ? atoi(argv[1]) : 5, 1);
    double ours_s = HUGE_VAL, theirs_s = HUGE_VAL, lufs = NAN;
    struct loudness loudness = {0};
    make_programme();
    for (int t = 0; t < turns; t++) {
        double one_s = full(&loudness), other_s = integrated(&lufs);
        printf("full measurement %.3f s, integrated loudness alone %.3f s\n", one_s, other_s);
        ours_s = fmin(ours_s, one_s);
        theirs_s = fmin(theirs_s, other_s);
    }
    printf("ratio %.2f (goal 1.3); %.2f LUFS, LRA %.2f LU, %.2f dBTP; alone %.2f LUFS\n",
           ours_s / theirs_s, loudness.integrated_lufs, loudness.lra_lu, loudness.true_peak_dbtp,
           lufs);
    return 0;
}
