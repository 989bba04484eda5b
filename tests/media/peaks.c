/* SPDX-License-Identifier: GPL-3.0-or-later
 * True peak: tones whose peaks lie between the samples. Signals and tolerance (+0.2/-0.4 dB) of
 * EBU Tech 3341 cases 15 to 23, at every rate: their frequencies are fractions of it. */
#include "signal/oversample.h"
#include "signal/true_peak.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { FRAMES = 48000, SLICES = 4 };

static double decibels(double value)
{
    return 20 * log10(value);
}

/* A sine of `cycles` a sample, faded in and out over 1000 samples, since a tone that starts at
 * full level has a spectrum, and so peaks, of its own. */
static float *tone(double cycles, double degrees, double peak)
{
    float *samples = g_new(float, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
        double fade = fmin(1, fmin(i, FRAMES - 1 - i) / 1000.0);
        samples[i] = (float)(fade * peak * sin(2 * G_PI * cycles * i + degrees * G_PI / 180));
    }
    return samples;
}

static struct peaks peaks_of(const float *samples, int frames, int slice)
{
    struct true_peak *meter = true_peak_create(1);
    for (int done = 0; done < frames; done += slice)
        true_peak_feed(meter, (const float *[]){samples + done}, MIN(slice, frames - done));
    struct peaks peaks = true_peak_read(meter);
    true_peak_destroy(meter);
    return peaks;
}

static void tones_of_tech_3341(void)
{
    static const struct {
        double cycles, degrees, peak, dbtp;
    } cases[] = {
        {1.0 / 4, 0, 0.5, -6},    {1.0 / 4, 45, 0.5, -6}, {1.0 / 6, 60, 0.5, -6},
        {1.0 / 8, 67.5, 0.5, -6}, {1.0 / 4, 45, 1.41, 3},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree float *samples = tone(cases[i].cycles, cases[i].degrees, cases[i].peak);
        double read = decibels(peaks_of(samples, FRAMES, FRAMES).true_peak);
        g_assert_cmpfloat(read, >=, cases[i].dbtp - 0.4);
        g_assert_cmpfloat(read, <=, cases[i].dbtp + 0.2);
    }
}

/* Cases 20 to 23: one full-scale cycle in a tone of fs/6 at 0.5 FS, made at 4 fs, low-pass filtered
 * and decimated with an offset of 0 to 3. The peak of what was decimated is known: it was there. */
enum { OVER = 4, CYCLE = 6 * OVER, LONG = 6000, HALF = 40 * OVER };

static double low_passed(const double *signal, int at)
{
    double sum = 0;
    for (int k = -HALF; k <= HALF; k++) {
        double x = 0.84 * k / OVER; /* to 0.42 of fs */
        double sinc = k ? sin(G_PI * x) / (G_PI * x) : 1;
        double window = 0.5 + 0.5 * cos(G_PI * k / (HALF + 1));
        sum += at + k >= 0 && at + k < LONG ? signal[at + k] * sinc * window * 0.84 / OVER : 0;
    }
    return sum;
}

static void one_cycle_of_tech_3341(void)
{
    static double signal[LONG], filtered[LONG];
    double peak = 0;
    for (int i = 0; i < LONG; i++) {
        double fade = fmin(1, fmin(i, LONG - 1 - i) / 1000.0);
        bool full = i >= LONG / 2 && i < LONG / 2 + CYCLE;
        signal[i] = fade * (full ? 1 : 0.5) * sin(2 * G_PI * i / CYCLE);
    }
    for (int i = 0; i < LONG; i++) {
        filtered[i] = low_passed(signal, i);
        peak = fmax(peak, fabs(filtered[i]));
    }
    g_assert_cmpfloat_with_epsilon(decibels(peak), 0, 0.4);
    for (int offset = 0; offset < OVER; offset++) {
        float samples[LONG / OVER];
        for (int i = 0; i < LONG / OVER; i++)
            samples[i] = (float)filtered[i * OVER + offset];
        double read = decibels(peaks_of(samples, LONG / OVER, LONG).true_peak);
        g_assert_cmpfloat(read, >=, decibels(peak) - 0.4);
        g_assert_cmpfloat(read, <=, decibels(peak) + 0.2);
    }
}

/* 20 kHz at each rate; the odd hertz lets every phase come by. */
static void twenty_kilohertz_at_every_rate(void)
{
    static const double rates[] = {44100, 48000, 88200, 96000, 192000};
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        g_autofree float *samples = tone(19999.0 / rates[i], 45, 0.5);
        double read = decibels(peaks_of(samples, FRAMES, FRAMES).true_peak);
        g_assert_cmpfloat(read, >=, decibels(0.5) - 0.4);
        g_assert_cmpfloat(read, <=, decibels(0.5) + 0.2);
    }
}

static float *noise(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1770);
    float *samples = g_new(float, FRAMES);
    for (int i = 0; i < FRAMES; i++) /* bursts: most blocks are far below the peak */
        samples[i] =
            (float)(g_rand_double_range(rand, -1, 1) * pow(0.5, i / 500 % 7 * (i % 3000 > 40)));
    return samples;
}

static void slices_make_no_difference(void)
{
    g_autofree float *samples = noise();
    float whole = peaks_of(samples, FRAMES, FRAMES).true_peak;
    static const int slices[SLICES] = {1, 63, 64, 1024};
    for (int i = 0; i < SLICES; i++)
        g_assert_true(peaks_of(samples, FRAMES, slices[i]).true_peak == whole);
}

/* The samples that have the highest value between them: each with the sign of its tap. */
static void nothing_between_exceeds_its_bound(void)
{
    struct oversampler oversampler;
    oversampler_init(&oversampler);
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++) {
        float samples[2 + OVERSAMPLE_TAPS + OVERSAMPLE_BLOCK] = {0}, between[OVERSAMPLE_BLOCK];
        for (int k = 0; k < OVERSAMPLE_TAPS; k++)
            samples[2 + k] = oversampler.taps[phase][k] < 0 ? -1 : 1;
        oversample(&oversampler, phase, samples + 2, between);
        struct stretch stretch = stretch_of(samples + 2, OVERSAMPLE_TAPS);
        g_assert_cmpfloat(between[0], >, 2);
        g_assert_cmpfloat(between[0], <, oversampler_most(&oversampler, stretch));
    }
}

/* All that lies between the samples, looked at without passing over any. */
static float highest_of_all(const float *samples)
{
    struct oversampler oversampler;
    g_autofree float *padded = g_new0(float, FRAMES + 4 * OVERSAMPLE_BLOCK);
    float most = 0, between[OVERSAMPLE_BLOCK];
    memcpy(padded + OVERSAMPLE_BLOCK, samples, FRAMES * sizeof *samples);
    oversampler_init(&oversampler);
    for (int at = 0; at < FRAMES + OVERSAMPLE_BLOCK; at += OVERSAMPLE_BLOCK)
        for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++) {
            oversample(&oversampler, phase, padded + at, between);
            for (int i = 0; i < OVERSAMPLE_BLOCK; i++)
                most = fmaxf(most, fabsf(between[i]));
        }
    return most;
}

/* Blocks passed over can't have held the peak: noise, and the same with more and more treble. */
static void passing_over_blocks_loses_no_peak(void)
{
    g_autofree float *samples = noise();
    for (int pass = 0; pass < 6; pass++) {
        struct peaks peaks = peaks_of(samples, FRAMES, FRAMES);
        g_assert_true(peaks.true_peak == fmaxf(highest_of_all(samples), peaks.sample_peak));
        for (int i = FRAMES - 1; i > 0; i--)
            samples[i] = (samples[i] - samples[i - 1]) / 2;
    }
}

static void never_below_the_sample_peak(void)
{
    g_autofree float *samples = noise();
    samples[FRAMES - 1] = -1.5F; /* the last sample counts, too */
    struct peaks peaks = peaks_of(samples, FRAMES, 1000);
    g_assert_cmpfloat(peaks.sample_peak, ==, 1.5F);
    g_assert_cmpfloat(peaks.true_peak, >=, 1.5F);
}

static void silence_has_no_peak(void)
{
    g_autofree float *samples = g_new0(float, FRAMES);
    struct peaks peaks = peaks_of(samples, FRAMES, 480);
    g_assert_true(peaks.true_peak == 0 && peaks.sample_peak == 0);
}

static void the_loudest_channel_counts(void)
{
    g_autofree float *quiet = tone(0.1, 0, 0.1), *loud = tone(0.25, 45, 0.8);
    struct true_peak *meter = true_peak_create(2);
    true_peak_feed(meter, (const float *[]){quiet, loud}, FRAMES);
    g_assert_cmpfloat_with_epsilon(true_peak_read(meter).true_peak, 0.8, 0.01);
    g_assert_cmpfloat_with_epsilon(true_peak_read(meter).true_peak, 0.8, 0.01);
    true_peak_destroy(meter);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peaks/A3 Tech 3341 cases 15 to 19", tones_of_tech_3341);
    g_test_add_func("/peaks/A3 Tech 3341 cases 20 to 23", one_cycle_of_tech_3341);
    g_test_add_func("/peaks/A3 20 kHz at every rate", twenty_kilohertz_at_every_rate);
    g_test_add_func("/peaks/A6 slices make no difference", slices_make_no_difference);
    g_test_add_func("/peaks/nothing between exceeds its bound", nothing_between_exceeds_its_bound);
    g_test_add_func("/peaks/passing over blocks loses no peak", passing_over_blocks_loses_no_peak);
    g_test_add_func("/peaks/A3 never below the sample peak", never_below_the_sample_peak);
    g_test_add_func("/peaks/silence has no peak", silence_has_no_peak);
    g_test_add_func("/peaks/the loudest channel counts", the_loudest_channel_counts);
    return g_test_run();
}
