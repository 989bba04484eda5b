/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness` on whole programmes, as they are delivered: random ones, short ones, through lossy
 * codecs, with each policy for peaks. What comes out is decoded and measured by a task of its own.
 */
#include "sound_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { RATE = 48000 };

/* A number in [-1, 1) that only depends on its place: SplitMix64, Steele et al. 2014. */
static double noise(uint64_t at)
{
    at += UINT64_C(0x9E3779B97F4A7C15);
    at = (at ^ (at >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    at = (at ^ (at >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((at ^ (at >> 31)) >> 11) * 0x1p-52 - 1;
}

static uint64_t programme; /* which of the random ones */

/* Like speech over music: syllables of noise and of a tone, each of its own length and level, with
 * pauses, over a soft floor. */
static float talk(int c, int64_t i, double amplitude)
{
    int64_t syllable = i / 7000;
    uint64_t seed = programme * 1000003 + (uint64_t)syllable * 7919;
    double loud = noise(seed), within = (double)(i % 7000) / 7000;
    double shape = loud < -0.5 ? 0 : sin(G_PI * within) * pow(10, loud * 0.6);
    double hiss = noise((uint64_t)i * 2 + (uint64_t)c + (programme << 40));
    double tone = sin(2 * G_PI * (200 + 150 * noise(seed + 1)) * (double)i / RATE);
    return (float)(amplitude * (shape * (0.15 * hiss + tone) + 0.003 * hiss));
}

static struct bench *bench_of(uint64_t number, int channels, double seconds, double amplitude)
{
    programme = number;
    return bench_create(
        sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE, channels, seconds, talk, amplitude));
}

struct measured {
    double lufs, peak;
};

static struct measured measured(const struct bench *bench, unsigned output)
{
    g_auto(bench_ptr) meter = bench_create(dup(bench_fd(bench, output)));
    g_assert_cmpstr(bench_result(bench, output)->failure.message, ==, NULL);
    bench_output(meter, NULL, NULL);
    bench_measure(meter);
    const struct facts *facts = bench_result(meter, 0)->measured;
    return (struct measured){facts->integrated_lufs, facts->true_peak_dbtp};
}

#define LOUDNESS(target, peak, policy)                                                     \
    "[{\"loudness\": {\"target\": \"" target " LUFS\", \"true_peak\": \"" peak " dBTP\", " \
    "\"on_peak\": \"" policy "\"}}]"

/* A8: 20 random programmes to PCM; none has a peak that is in the way. */
static void a8_pcm_lands_within_a_tenth(void)
{
    for (uint64_t number = 0; number < 20; number++) {
        g_auto(bench_ptr) bench =
            bench_of(number, number % 2 ? 1 : 2, 5, 0.02 + 0.02 * (double)number);
        bench_output(bench, "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}",
                     LOUDNESS("-30", "-1", "fail"));
        bench_render(bench);
        g_assert_cmpfloat_with_epsilon(measured(bench, 0).lufs, -30, 0.1);
    }
}

/* A7: two seconds at -42.5 LUFS, which loudnorm of FFmpeg 5.1 makes softer. */
static void a7_a_short_clip_is_like_any_other(void)
{
    static const double seconds[] = {0.4, 0.7, 2, 2.9};
    for (unsigned i = 0; i < G_N_ELEMENTS(seconds); i++) {
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_24, RATE, 2, seconds[i],
                                    sound_tone, pow(10, -42.5 / 20)));
        bench_output(bench, "{\"container\": \"wav\"}", LOUDNESS("-16", "-1", "fail"));
        bench_render(bench);
        g_assert_cmpfloat_with_epsilon(measured(bench, 0).lufs, -16, 0.1);
    }
}

/* A9: with every policy that doesn't limit, and with `limit` where nothing has to be limited. */
static void a9_linear_is_exactly_one_gain(void)
{
    static const char *const steps[] = {LOUDNESS("-20", "-1", "lower"),
                                        LOUDNESS("-31", "-1", "fail"),
                                        LOUDNESS("-31", "-1", "limit")};
    g_auto(bench_ptr) bench = bench_of(3, 2, 3, 0.3);
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
        bench_output(bench, "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}",
                     steps[i]);
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_auto(heard_ptr) out = heard_of(bench, i);
        int64_t at = 0;
        for (int64_t n = 0; n < out->info.frames * 2; n++)
            if (fabs(talk((int)(n % 2), n / 2, 0.3)) > fabs(talk((int)(at % 2), at / 2, 0.3)))
                at = n;
        double gain = out->samples[at] / talk((int)(at % 2), at / 2, 0.3);
        for (int64_t n = 0; n < out->info.frames * 2; n++)
            g_assert_cmpfloat_with_epsilon(out->samples[n], gain * talk((int)(n % 2), n / 2, 0.3),
                                           1.5e-7);
    }
}

/* A10, on sound: a programme that would go over. */
static void a10_policies_reach_what_they_say(void)
{
    const char *wav = "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}";
    g_auto(bench_ptr) bench = bench_of(5, 2, 8, 0.3);
    bench_output(bench, wav, LOUDNESS("-14", "-6", "lower"));
    bench_output(bench, wav, LOUDNESS("-14", "-6", "limit"));
    bench_output(bench, wav, LOUDNESS("-14", "-6", "fail"));
    bench_render(bench);
    struct measured lowered = measured(bench, 0), limited = measured(bench, 1);
    g_assert_cmpfloat(lowered.peak, <=, -6 + 0.001);
    g_assert_cmpfloat(lowered.peak, >=, -6.1);
    g_assert_cmpfloat(lowered.lufs, <, -14.2);
    g_assert_cmpfloat(limited.peak, <=, -6 + 0.05);
    g_assert_cmpfloat_with_epsilon(limited.lufs, -14, 0.1);
    g_assert_true(bench_noted(bench, 1, "then peaks limited to"));
    g_assert_cmpint(bench_result(bench, 2)->failure.class, ==, FAIL_CONFIG);
}

/* A12: what is heard after a lossy codec keeps the ceiling and the target. */
static void a12_lossy_files_land_as_they_are_heard(void)
{
    static const char *const encodes[] = {
        "{\"container\": \"m4a\", \"audio\": {\"codec\": \"aac\", \"bitrate\": \"128k\"}}",
        "{\"container\": \"mp3\", \"audio\": {\"codec\": \"mp3\", \"bitrate\": \"128k\"}}",
        "{\"container\": \"opus\", \"audio\": {\"codec\": \"opus\", \"bitrate\": \"64k\"}}",
        "{\"container\": \"mkv\", \"audio\": {\"codec\": \"ac3\", \"bitrate\": \"192k\"}}",
    };
    for (uint64_t number = 7; number < 10; number++) {
        g_auto(bench_ptr) bench = bench_of(number, 2, 6, 0.3);
        for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++)
            bench_output(bench, encodes[i], LOUDNESS("-14", "-2", "limit"));
        bench_render(bench);
        for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
            struct measured out = measured(bench, i);
            g_test_message("%s: %.2f LUFS, %.2f dBTP", encodes[i], out.lufs, out.peak);
            g_assert_cmpfloat(out.peak, <=, -2 + 0.1);
            g_assert_cmpfloat_with_epsilon(out.lufs, -14, 0.3);
            g_assert_true(bench_noted(bench, i, "try 1: gain"));
        }
    }
}

/* What comes after changes what is heard, and is made up for. */
static void later_steps_are_part_of_what_is_heard(void)
{
    g_auto(bench_ptr) bench = bench_of(11, 2, 6, 0.1);
    bench_output(bench, "{\"container\": \"wav\", \"audio\": {\"sample_rate\": \"44.1 kHz\"}}",
                 "[{\"loudness\": {\"target\": \"-23 LUFS\"}}, {\"fade\": {\"in\": \"3s\"}}]");
    bench_render(bench);
    g_assert_cmpfloat_with_epsilon(measured(bench, 0).lufs, -23, 0.1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loudness/A7-short", a7_a_short_clip_is_like_any_other);
    g_test_add_func("/loudness/A8-random", a8_pcm_lands_within_a_tenth);
    g_test_add_func("/loudness/A9-one-gain", a9_linear_is_exactly_one_gain);
    g_test_add_func("/loudness/A10-policies", a10_policies_reach_what_they_say);
    g_test_add_func("/loudness/A12-lossy", a12_lossy_files_land_as_they_are_heard);
    g_test_add_func("/loudness/later-steps", later_steps_are_part_of_what_is_heard);
    return g_test_run();
}
