/* SPDX-License-Identifier: GPL-3.0-or-later
 * `eq`: its magnitude is that of the analogue filter, with frequencies bent by the bilinear
 * transform: s = j tan(π f / rate) / tan(π at / rate). The transfer functions are those of the
 * Audio EQ Cookbook, Butterworth's is |H|² = 1 / (1 + w^2n). */
#include "sound_help.h"

#include "sections.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"

struct band {
    const char *steps;
    enum eq_type type;
    double at, gain_db, q;
    int order; /* of passes */
};

static const struct band bands[] = {
    {"[{\"eq\": {\"type\": \"bell\", \"at\": \"3 kHz\", \"gain\": \"-6 dB\", \"q\": \"1.2\"}}]",
     EQ_BELL, 3000, -6, 1.2, 0},
    {"[{\"eq\": {\"type\": \"bell\", \"at\": \"30 Hz\", \"gain\": \"9 dB\", \"q\": \"4\"}}]",
     EQ_BELL, 30, 9, 4, 0},
    {"[{\"eq\": {\"type\": \"bell\", \"at\": \"1000\", \"gain\": \"3 dB\"}}]", EQ_BELL, 1000, 3, 1,
     0},
    {"[{\"eq\": {\"type\": \"low_shelf\", \"at\": \"120 Hz\", \"gain\": \"-4 dB\"}}]", EQ_LOW_SHELF,
     120, -4, M_SQRT1_2, 0},
    {"[{\"eq\": {\"type\": \"high_shelf\", \"at\": \"8 kHz\", \"gain\": \"5 dB\", \"q\": "
     "\"0.9\"}}]",
     EQ_HIGH_SHELF, 8000, 5, 0.9, 0},
    {"[{\"eq\": {\"type\": \"high_pass\", \"at\": \"80 Hz\"}}]", EQ_HIGH_PASS, 80, 0, 0, 2},
    {"[{\"eq\": {\"type\": \"high_pass\", \"at\": \"80 Hz\", \"slope\": 24}}]", EQ_HIGH_PASS, 80, 0,
     0, 4},
    {"[{\"eq\": {\"type\": \"high_pass\", \"at\": \"20 Hz\", \"slope\": 48}}]", EQ_HIGH_PASS, 20, 0,
     0, 8},
    {"[{\"eq\": {\"type\": \"low_pass\", \"at\": \"15 kHz\", \"slope\": 48}}]", EQ_LOW_PASS, 15000,
     0, 0, 8},
};

static double expected_db(const struct band *band, double frequency, int rate)
{
    double w = tan(M_PI * frequency / rate) / tan(M_PI * band->at / rate);
    double a = pow(10, band->gain_db / 40), q = band->q;
    double complex s = I * w, bend = sqrt(a) / q * s, low = s * s + bend + a,
                   high = a * s * s + bend + 1;
    switch (band->type) {
    case EQ_BELL:
        return 20 * log10(cabs((s * s + s * (a / q) + 1) / (s * s + s / (a * q) + 1)));
    case EQ_LOW_SHELF:
        return 20 * log10(cabs(a * low / high));
    case EQ_HIGH_SHELF:
        return 20 * log10(cabs(a * high / low));
    case EQ_HIGH_PASS:
        return -10 * log10(1 + pow(w, -2 * band->order));
    case EQ_LOW_PASS:
        return -10 * log10(1 + pow(w, 2 * band->order));
    }
    return 0;
}

static float impulse(int c, int64_t i, double amplitude)
{
    return i == 0 ? (float)amplitude : 0;
}

static double found_db(const struct heard *heard, double frequency)
{
    double complex sum = 0;
    for (int i = 0; i < (int)heard->info.frames; i++)
        sum += (double)heard->samples[i] *
               cexp(-2 * M_PI * I * frequency * i / heard->info.samplerate);
    return 20 * log10(cabs(sum));
}

static void magnitude_is_the_analytic_one(void)
{
    static const int rates[] = {44100, 48000, 96000};
    static const double tones[] = {10, 20, 25, 40, 80, 120, 400, 1000, 3000, 7000, 12000, 18000};
    for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
        for (unsigned b = 0; b < G_N_ELEMENTS(bands); b++) {
            g_auto(bench_ptr) bench = bench_create(
                sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, rates[r], 1, 1, impulse, 1));
            bench_output(bench, WAV, bands[b].steps);
            bench_render(bench);
            g_auto(heard_ptr) out = heard_of(bench, 0);
            for (unsigned t = 0; t < G_N_ELEMENTS(tones); t++) {
                double wanted = expected_db(&bands[b], tones[t], rates[r]);
                if (wanted > -80) /* below, the impulse's last sample is not yet zero enough */
                    g_assert_cmpfloat_with_epsilon(found_db(out, tones[t]), wanted, 0.05);
            }
        }
}

static void several_steps_are_several_bands(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, impulse, 1));
    bench_output(bench, WAV,
                 "[{\"eq\": {\"type\": \"bell\", \"at\": \"3 kHz\", \"gain\": \"-6 dB\", \"q\": "
                 "\"1.2\"}}, {\"eq\": {\"type\": \"high_pass\", \"at\": \"80 Hz\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    double both = expected_db(&bands[0], 400, 48000) + expected_db(&bands[5], 400, 48000);
    g_assert_cmpfloat_with_epsilon(found_db(out, 400), both, 0.05);
}

static void how_it_is_cut_into_calls_changes_nothing(void)
{
    static const int cuts[] = {1, 7, 64, 1000};
    const struct eq eq = {.type = EQ_HIGH_PASS, .at_hz = 80, .gain_db = NAN, .q = NAN, .slope = 1};
    struct biquad sections[BIQUADS_MAX];
    double whole[4000], pieces[4000];
    g_assert_cmpint(eq_sections(&eq, 48000, sections), ==, 2);
    for (unsigned c = 0; c < G_N_ELEMENTS(cuts); c++) {
        struct biquad_state one = {0, 0}, many = {0, 0};
        for (int i = 0; i < 4000; i++)
            whole[i] = pieces[i] = i < 300 ? sin(i * 0.05) : 0;
        biquad_run(&sections[0], &one, whole, 4000);
        for (int i = 0; i < 4000; i += cuts[c])
            biquad_run(&sections[0], &many, pieces + i, MIN(cuts[c], 4000 - i));
        g_assert_cmpmem(whole, sizeof whole, pieces, sizeof pieces);
    }
}

/* After a sound the filter rings ever more softly, but never in denormal numbers. */
static void silence_becomes_zero(void)
{
    const struct eq eq = {.type = EQ_HIGH_PASS, .at_hz = 1000, .gain_db = NAN, .q = NAN};
    struct biquad section[BIQUADS_MAX];
    struct biquad_state state = {0, 0};
    double samples[4800] = {1};
    eq_sections(&eq, 48000, section);
    biquad_run(section, &state, samples, 4800);
    g_assert_cmpfloat(samples[4799], ==, 0);
    for (int i = 0; i < 4800; i++)
        g_assert_true(samples[i] == 0 || isnormal(samples[i]));
}

static void a_band_beyond_the_sound_is_refused(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 1, 0.1, impulse, 1));
    bench_output(bench, WAV,
                 "[{\"eq\": {\"type\": \"bell\", \"at\": \"23 kHz\", \"gain\": \"3 dB\"}}]");
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, "ends below 22050 Hz"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/eq/magnitude", magnitude_is_the_analytic_one);
    g_test_add_func("/eq/several", several_steps_are_several_bands);
    g_test_add_func("/eq/calls", how_it_is_cut_into_calls_changes_nothing);
    g_test_add_func("/eq/denormals", silence_becomes_zero);
    g_test_add_func("/eq/beyond", a_band_beyond_the_sound_is_refused);
    return g_test_run();
}
