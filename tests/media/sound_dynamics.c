/* SPDX-License-Identifier: GPL-3.0-or-later
 * `compress` and `gate`: steady tones land where the static curves say (Giannoulis, Massberg, Reiss
 * 2012, equation 4), all channels move alike, times are what they are called. */
#include "sound_help.h"

#include <math.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"

static double db(double factor)
{
    return 20 * log10(factor);
}

/* Gain of the last second of a steady tone of 2 s. */
static double gain_at(double level_db, const char *steps)
{
    g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 2,
                                                      sound_tone, pow(10, level_db / 20)));
    bench_output(bench, WAV, steps);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    double sum = 0;
    g_assert_cmpint(out->info.frames, ==, 96000);
    for (int i = 48000; i < 96000; i++)
        sum += (double)out->samples[i] * (double)out->samples[i];
    return 10 * log10(2 * sum / 48000) - level_db;
}

/* Threshold -20, ratio 4, knee 8: below -24 nothing, from -16 a quarter, a parabola between. */
static double compressed(double level_db)
{
    if (level_db <= -24)
        return 0;
    if (level_db >= -16)
        return -0.75 * (level_db + 20);
    return -0.75 * (level_db + 24) * (level_db + 24) / 16;
}

static void the_compressor_s_curve_is_the_documented_one(void)
{
    static const double levels[] = {-50, -30, -23, -20, -17, -12, -6, 0};
    for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++) {
        double gain = gain_at(levels[i], "[{\"compress\": {\"threshold\": \"-20 dBFS\", \"ratio\": "
                                         "\"4\", \"knee\": \"8 dB\", \"makeup\": \"3 dB\"}}]");
        g_assert_cmpfloat_with_epsilon(gain, compressed(levels[i]) + 3, 0.2);
    }
}

static void a_knee_of_nothing_is_a_corner(void)
{
    g_assert_cmpfloat_with_epsilon(
        gain_at(-21, "[{\"compress\": {\"threshold\": \"-20 dBFS\", \"knee\": \"0 dB\"}}]"), 0,
        0.2);
    g_assert_cmpfloat_with_epsilon(gain_at(-8, "[{\"compress\": {\"threshold\": \"-20 dBFS\", "
                                               "\"ratio\": \"2\", \"knee\": \"0 dB\"}}]"),
                                   -6, 0.2);
}

/* Threshold -40, ratio 2, range 20: as much again as it is below, down to -20. */
static void the_gate_s_curve_is_the_documented_one(void)
{
    static const double rows[][2] = {{-10, 0},   {-39, 0},   {-45, -5},
                                     {-55, -15}, {-65, -20}, {-80, -20}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        double gain = gain_at(rows[i][0], "[{\"gate\": {\"threshold\": \"-40 dBFS\", \"ratio\": "
                                          "\"2\", \"range\": \"20 dB\"}}]");
        g_assert_cmpfloat_with_epsilon(gain, rows[i][1], 0.2);
    }
}

/* Loud on the left, 30 dB softer on the right. */
static float left_heavy(int c, int64_t i, double amplitude)
{
    return sound_tone(c, i, c ? amplitude * 0.0316 : amplitude);
}

static void all_channels_are_turned_down_alike(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 1, left_heavy, 0.9));
    bench_output(bench, WAV, "[{\"compress\": {\"threshold\": \"-30 dBFS\", \"ratio\": \"10\"}}]");
    bench_output(bench, WAV, "[{\"gate\": {\"threshold\": \"-20 dBFS\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_auto(heard_ptr) open = heard_of(bench, 1);
    for (int i = 0; i < 48000; i++)
        g_assert_cmpfloat_with_epsilon(out->samples[i * 2 + 1], out->samples[i * 2] * 0.0316, 1e-6);
    for (int i = 4800; i < 48000; i++) /* the right is below the threshold, the left is not */
        g_assert_cmpfloat_with_epsilon(open->samples[i * 2 + 1], left_heavy(1, i, 0.9), 1e-6);
}

/* 1 s soft, 1 s loud, 1 s soft. */
static float burst(int c, int64_t i, double amplitude)
{
    return sound_tone(c, i, i >= 48000 && i < 96000 ? amplitude : amplitude / 100);
}

/* The gain around a sample, in dB: by the power of one period of the tone (48 samples). */
static double gain_around(const struct heard *heard, int at, double amplitude)
{
    double in = 0, out = 0;
    for (int i = at - 24; i < at + 24; i++) {
        double source = (double)burst(0, i, amplitude), sample = (double)heard->samples[i];
        in += source * source;
        out += sample * sample;
    }
    return db(sqrt(out / in));
}

/* The curve asks for -15 dB of the burst; 63 % of a change are -9.48 dB, 37 % are -5.52 dB. The
 * 10 ms of the detector come on top: time constants are long beside them. */
static void attack_and_release_are_time_constants(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 3, burst, 1));
    bench_output(bench, WAV,
                 "[{\"compress\": {\"threshold\": \"-20 dBFS\", \"ratio\": \"4\", "
                 "\"attack\": \"100ms\", \"release\": \"250ms\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 47000, 1), 0, 0.1);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 48000 + 4800, 1), -9.48, 1);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 95900, 1), -15, 0.2);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 96000 + 12000, 1), -5.52, 1.5);
}

/* It opens before the burst and stays open for as long as it holds. */
static void the_gate_is_open_when_a_word_begins(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 3, burst, 0.5));
    bench_output(bench, WAV,
                 "[{\"gate\": {\"threshold\": \"-20 dBFS\", \"range\": \"20 dB\", "
                 "\"hold\": \"200ms\", \"release\": \"20ms\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.frames, ==, 144000);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 40000, 0.5), -20, 0.2);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 48024, 0.5), 0, 0.5);
    for (int i = 48960; i < 96000; i++)
        g_assert_cmpfloat_with_epsilon(out->samples[i], burst(0, i, 0.5), 1e-4);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 96000 + 7200, 0.5), 0, 0.1);
    g_assert_cmpfloat_with_epsilon(gain_around(out, 96000 + 24000, 0.5), -20, 0.2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dynamics/compress", the_compressor_s_curve_is_the_documented_one);
    g_test_add_func("/dynamics/corner", a_knee_of_nothing_is_a_corner);
    g_test_add_func("/dynamics/gate", the_gate_s_curve_is_the_documented_one);
    g_test_add_func("/dynamics/linked", all_channels_are_turned_down_alike);
    g_test_add_func("/dynamics/times", attack_and_release_are_time_constants);
    g_test_add_func("/dynamics/ahead", the_gate_is_open_when_a_word_begins);
    return g_test_run();
}
