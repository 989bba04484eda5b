/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels: loudness lands on its target (EBU R 128; tolerance after Tech 3341: 0.1 LU), peaks stay
 * under theirs, mixes have the factors of ITU-R BS.775-3, rates keep their band. */
#include "sound_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV(codec) "{\"container\": \"wav\", \"audio\": {\"codec\": \"" codec "\"}}"
#define LOUDNESS(rest) "[{\"loudness\": {" rest "}}]"
#define CHANNELS(layout) "[{\"channels\": {\"layout\": \"" layout "\"}}]"

static double level(double db)
{
    return pow(10, db / 20);
}

/* What an output measures. */
static double lufs_of(const struct bench *bench, unsigned output, double *peak)
{
    g_auto(bench_ptr) meter = bench_create(dup(bench_fd(bench, output)));
    g_assert_cmpstr(bench_result(bench, output)->failure.message, ==, NULL);
    bench_output(meter, NULL, NULL);
    bench_measure(meter);
    const struct facts *facts = bench_result(meter, 0)->measured;
    if (peak)
        *peak = facts->true_peak_dbtp;
    return facts->integrated_lufs;
}

/* Tech 3341 cases 1 and 2: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS. */
static void a_tone_measures_as_tech_3341_says(void)
{
    static const double levels[] = {-23, -33};
    for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000,
                                                          2, 20, sound_tone, level(levels[i])));
        bench_output(bench, NULL, NULL);
        bench_output(bench, NULL, "[{\"gain\": {\"gain\": \"-6 dB\"}}]");
        bench_measure(bench);
        const struct facts *facts = bench_result(bench, 0)->measured;
        g_assert_true(facts->measured);
        g_assert_cmpfloat_with_epsilon(facts->integrated_lufs, levels[i], 0.1);
        g_assert_cmpfloat_with_epsilon(facts->max_momentary_lufs, levels[i], 0.1);
        g_assert_cmpfloat_with_epsilon(facts->true_peak_dbtp, levels[i], 0.1);
        facts = bench_result(bench, 1)->measured;
        g_assert_cmpfloat_with_epsilon(facts->integrated_lufs, levels[i] - 6, 0.1);
    }
}

static void loudness_lands_within_a_tenth(void)
{
    static const double seconds[] = {0.5, 1, 2, 5};
    for (unsigned i = 0; i < G_N_ELEMENTS(seconds); i++) {
        g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000,
                                                          2, seconds[i], sound_tone, level(-42.5)));
        bench_output(bench, WAV("pcm_s16le"), LOUDNESS("\"target\": \"-23 LUFS\""));
        bench_output(bench, "{\"container\": \"flac\"}", LOUDNESS("\"target\": \"-16 LUFS\""));
        bench_know_loudness(bench);
        bench_render(bench);
        g_assert_cmpfloat_with_epsilon(lufs_of(bench, 0, NULL), -23, 0.1);
        g_assert_cmpfloat_with_epsilon(lufs_of(bench, 1, NULL), -16, 0.1);
    }
}

/* One channel is 3.01 LU less than the same in two, unless it is meant for two loudspeakers. */
static void dual_mono_reads_three_lu_higher(void)
{
    g_auto(bench_ptr) bench = bench_create(
        sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000, 1, 3, sound_tone, level(-30)));
    bench_output(bench, WAV("pcm_f32le"), LOUDNESS("\"target\": \"-23 LUFS\""));
    bench_output(bench, WAV("pcm_f32le"),
                 LOUDNESS("\"target\": \"-23 LUFS\", \"dual_mono\": \"true\""));
    bench_know_loudness(bench);
    bench_render(bench);
    g_assert_cmpfloat_with_epsilon(lufs_of(bench, 0, NULL), -23, 0.1);
    g_assert_cmpfloat_with_epsilon(lufs_of(bench, 1, NULL), -26.01, 0.1);
}

/* Soft, with one loud moment: the target would put that one over. */
static float spiky(int c, int64_t i, double amplitude)
{
    bool loud = i >= 96000 && i < 96480;
    return sound_tone(c, i, loud ? 0.5 : amplitude);
}

static void a_peak_lowers_the_programme_with_a_sentence(void)
{
    double peak;
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000, 2, 10, spiky, level(-40)));
    bench_output(bench, WAV("pcm_f32le"),
                 LOUDNESS("\"target\": \"-16 LUFS\", \"true_peak\": \"-1 dBTP\""));
    bench_know_loudness(bench);
    bench_render(bench);
    g_assert_cmpfloat(lufs_of(bench, 0, &peak), <, -16.5);
    g_assert_cmpfloat_with_epsilon(peak, -1, 0.1);
    g_assert_true(bench_noted(bench, 0, "would put the true peak at +"));
    g_assert_true(bench_noted(bench, 0, "(limit -1.0): lowered by "));
}

static void a_peak_fails_the_output_when_asked(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 48000, 2, 10, spiky, level(-40)));
    bench_output(bench, WAV("pcm_f32le"),
                 LOUDNESS("\"target\": \"-16 LUFS\", \"on_peak\": \"fail\""));
    bench_output(bench, WAV("pcm_f32le"), NULL);
    bench_know_loudness(bench);
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, "would put the true peak"));
    g_assert_cmpint(bench_result(bench, 1)->failure.class, ==, FAIL_NONE);
}

static void silence_and_shortness_keep_their_level(void)
{
    static const struct {
        double seconds, amplitude;
    } rows[] = {{2, 0}, {0.3, 0.1}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, rows[i].seconds,
                                    sound_tone, rows[i].amplitude));
        bench_output(bench, WAV("pcm_f32le"), LOUDNESS("\"target\": \"-23 LUFS\""));
        bench_know_loudness(bench);
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        g_assert_cmpfloat(out->samples[24], ==, sound_tone(0, 12, rows[i].amplitude));
        g_assert_true(bench_noted(bench, 0, "can't be measured"));
    }
}

static void gain_is_one_exact_factor(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 1, sound_tone, 0.7));
    bench_output(bench, WAV("pcm_f32le"), "[{\"gain\": {\"gain\": \"-3.7 dB\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    for (int i = 0; i < 48000; i++)
        g_assert_cmpfloat_with_epsilon(out->samples[i * 2], sound_tone(0, i, 0.7) * level(-3.7),
                                       1e-7);
}

/* Six channels, one after the other: what arrives at the left and the right. */
static float one_of_six(int c, int64_t i, double amplitude)
{
    return i / 1000 == c ? (float)amplitude : 0;
}

static void surround_to_stereo_has_the_factors_of_bs_775(void)
{
    static const double left[] = {1, 0, 0.70711, 0, 0.70711, 0};
    static const double right[] = {0, 1, 0.70711, 0, 0, 0.70711};
    static const char *const encodes[] = {WAV("pcm_s16le"), WAV("pcm_s24le"), WAV("pcm_f32le")};
    g_auto(bench_ptr) bench = bench_create(
        sound_make(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 48000, 6, 0.125, one_of_six, 0.5));
    for (unsigned e = 0; e < G_N_ELEMENTS(encodes); e++)
        bench_output(bench, encodes[e], CHANNELS("stereo"));
    bench_render(bench);
    for (unsigned e = 0; e < G_N_ELEMENTS(encodes); e++) {
        g_auto(heard_ptr) out = heard_of(bench, e);
        g_assert_cmpint(out->info.channels, ==, 2);
        for (int c = 0; c < 6; c++) {
            const float *at = out->samples + (c * 1000 + 500) * 2;
            g_assert_cmpfloat_with_epsilon(at[0], 0.5 * left[c], 1e-4);
            g_assert_cmpfloat_with_epsilon(at[1], 0.5 * right[c], 1e-4);
        }
    }
}

static float different(int c, int64_t i, double amplitude)
{
    return (float)(amplitude / (c + 1));
}

static void mono_and_stereo_keep_their_level(void)
{
    g_auto(bench_ptr) one =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, 0.1, different, 0.5));
    bench_output(one, WAV("pcm_f32le"), CHANNELS("stereo"));
    bench_output(one, WAV("pcm_f32le"), CHANNELS("5.1"));
    bench_render(one);
    g_auto(heard_ptr) both = heard_of(one, 0);
    g_auto(heard_ptr) six = heard_of(one, 1);
    g_assert_cmpfloat(both->samples[100], ==, 0.5);
    g_assert_cmpfloat(both->samples[101], ==, 0.5);
    for (int c = 0; c < 6; c++)
        g_assert_cmpfloat(six->samples[c], ==, c == 2 ? 0.5 : 0);
    g_auto(bench_ptr) two =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2, 0.1, different, 0.5));
    bench_output(two, WAV("pcm_f32le"), CHANNELS("mono"));
    bench_render(two);
    g_auto(heard_ptr) half = heard_of(two, 0);
    g_assert_cmpint(half->info.channels, ==, 1);
    g_assert_cmpfloat_with_epsilon(half->samples[100], 0.375, 1e-7);
}

static float high_tone(int c, int64_t i, double amplitude)
{
    return (float)(amplitude * sin(2 * G_PI * 25000 * (double)i / 96000));
}

/* 96 to 48 kHz: half the samples, and nothing left of 25 kHz (below -120 dB). */
static void resampling_keeps_length_and_band(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 96000, 1, 2, high_tone, 0.9));
    bench_output(bench, WAV("pcm_f32le"), "[{\"resample\": {\"rate\": \"48 kHz\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.samplerate, ==, 48000);
    g_assert_cmpint(out->info.frames, ==, 96000);
    for (int i = 4800; i < 91200; i++)
        g_assert_cmpfloat(fabsf(out->samples[i]), <, 1e-6);
}

static void an_unmixable_layout_is_a_sentence(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 12, 0.1, different, 0.5));
    bench_output(bench, WAV("pcm_f32le"), CHANNELS("stereo"));
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, "no rule for mixing"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/levels/tech-3341", a_tone_measures_as_tech_3341_says);
    g_test_add_func("/levels/target", loudness_lands_within_a_tenth);
    g_test_add_func("/levels/dual-mono", dual_mono_reads_three_lu_higher);
    g_test_add_func("/levels/peak-lowers", a_peak_lowers_the_programme_with_a_sentence);
    g_test_add_func("/levels/peak-fails", a_peak_fails_the_output_when_asked);
    g_test_add_func("/levels/unmeasurable", silence_and_shortness_keep_their_level);
    g_test_add_func("/levels/gain", gain_is_one_exact_factor);
    g_test_add_func("/levels/bs-775", surround_to_stereo_has_the_factors_of_bs_775);
    g_test_add_func("/levels/mono-stereo", mono_and_stereo_keep_their_level);
    g_test_add_func("/levels/resample", resampling_keeps_length_and_band);
    g_test_add_func("/levels/unmixable", an_unmixable_layout_is_a_sentence);
    return g_test_run();
}
