/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: the noise is softer, the tone is not, and every sample stays in its place. */
#include "sound_help.h"

#include <math.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"
#define DENOISE "[{\"denoise\": {\"reduction\": \"12 dB\", \"floor\": \"-50 dBFS\"}}]"

static double white(int64_t i)
{
    guint32 x = (guint32)i * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (double)x / 2147483648.0 - 1;
}

/* White noise of -50 dBFS (rms; that of `white` is 1/√3), with a tone in the second second. */
static float noisy(int c, int64_t i, double amplitude)
{
    double hiss = pow(10, -50 / 20.0) * sqrt(3) * white(i);
    return (float)(hiss + (i >= 48000 && i < 96000 ? (double)sound_tone(c, i, amplitude) : 0));
}

static double rms_db(const float *samples, int from, int to)
{
    double sum = 0;
    for (int i = from; i < to; i++)
        sum += (double)samples[i] * (double)samples[i];
    return 10 * log10(sum / (to - from));
}

static void noise_is_softer_and_a_tone_is_not(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 3, noisy, 0.25));
    bench_output(bench, WAV, DENOISE);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_test_message("noise %.2f before, %.2f after, tone %.2f", rms_db(out->samples, 9600, 43200),
                   rms_db(out->samples, 105600, 139200), rms_db(out->samples, 57600, 86400));
    g_assert_cmpfloat(rms_db(out->samples, 9600, 43200), <, -50 - 6);
    g_assert_cmpfloat(rms_db(out->samples, 105600, 139200), <, -50 - 6);
    /* 0.25 · sin: -15.05 dB */
    g_assert_cmpfloat_with_epsilon(rms_db(out->samples, 57600, 86400), -15.05, 0.5);
}

static int64_t click_at;

static float click(int c, int64_t i, double amplitude)
{
    return i == click_at ? (float)amplitude : 0;
}

static void no_sample_is_late_lost_or_added(void)
{
    static const int rates[] = {8000, 44100, 48000, 96000};
    static const double places[] = {0.001, 0.5, 0.998};
    for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
        for (unsigned p = 0; p < G_N_ELEMENTS(places); p++) {
            click_at = (int64_t)(places[p] * rates[r]);
            g_auto(bench_ptr) bench = bench_create(
                sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, rates[r], 2, 1.0001, click, 0.9));
            bench_output(bench, WAV, DENOISE);
            bench_render(bench);
            g_auto(heard_ptr) out = heard_of(bench, 0);
            int64_t highest = 0;
            g_assert_cmpint(out->info.frames, ==, llround(1.0001 * rates[r]));
            for (int64_t i = 0; i < out->info.frames; i++)
                if (fabsf(out->samples[i * 2]) > fabsf(out->samples[highest * 2]))
                    highest = i;
            g_assert_cmpint(highest, ==, click_at);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/denoise/levels", noise_is_softer_and_a_tone_is_not);
    g_test_add_func("/denoise/places", no_sample_is_late_lost_or_added);
    return g_test_run();
}
