/* SPDX-License-Identifier: GPL-3.0-or-later
 * True peak: tones whose peaks lie between the samples. Signals and tolerance (+0.2/-0.4 dB) of
 * EBU Tech 3341 cases 15 to 19, at every rate: their frequencies are fractions of it. */
#include "true_peak.h"

#include <glib.h>
#include <math.h>

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

/* Blocks passed over can't have held the peak: it is that of the parts, each alone. */
static void passing_over_quiet_blocks_loses_no_peak(void)
{
    g_autofree float *samples = noise();
    float whole = peaks_of(samples, FRAMES, FRAMES).true_peak, highest = 0;
    for (int at = 0; at + 256 <= FRAMES; at += 128) {
        g_autofree float *part = g_memdup2(samples + at, 256 * sizeof *samples);
        for (int i = 0; i < 64; i++) /* a cut has peaks of its own */
            part[i] *= (float)i / 64, part[255 - i] *= (float)i / 64;
        highest = fmaxf(highest, peaks_of(part, 256, 256).true_peak);
    }
    g_assert_cmpfloat(whole, >=, highest * 0.999);
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
    g_test_add_func("/peaks/tones (EBU Tech 3341, 15 to 19)", tones_of_tech_3341);
    g_test_add_func("/peaks/20 kHz at every rate", twenty_kilohertz_at_every_rate);
    g_test_add_func("/peaks/slices make no difference", slices_make_no_difference);
    g_test_add_func("/peaks/passing over quiet blocks loses no peak",
                    passing_over_quiet_blocks_loses_no_peak);
    g_test_add_func("/peaks/never below the sample peak", never_below_the_sample_peak);
    g_test_add_func("/peaks/silence has no peak", silence_has_no_peak);
    g_test_add_func("/peaks/the loudest channel counts", the_loudest_channel_counts);
    return g_test_run();
}
