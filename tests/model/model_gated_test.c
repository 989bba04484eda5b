/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gating blocks: several programmes measured as one (ITU-R BS.1770-4), and as text. */
#include "model/gated.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static double energy(double lufs)
{
    return pow(10, (lufs + 0.691) / 10);
}

static double lufs(double energy)
{
    return 10 * log10(energy) - 0.691;
}

/* A tone of `seconds`: a block every 100 ms. */
static void add_tone(struct gated *gated, double at_lufs, double seconds)
{
    for (int i = 0; i < (int)(seconds * 10); i++)
        gated_add(gated, energy(at_lufs));
}

static struct gated tone(double at_lufs, double seconds)
{
    struct gated gated = {0};
    add_tone(&gated, at_lufs, seconds);
    return gated;
}

/* The mean of -20 and -30 LUFS by energy is 10 log10((0.01 + 0.001) / 2) = -22.6. */
static void two_tones_have_the_mean_of_their_energies(void)
{
    const struct gated loud = tone(-20, 30), soft = tone(-30, 30);
    struct gated one = loud, other = soft;
    gated_merge(&one, &soft);
    gated_merge(&other, &loud);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&loud), -20, 1e-9);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&one), -22.596, 0.001);
    g_assert_true(gated_lufs(&one) == gated_lufs(&other));
}

/* -10 LU: what is further below the mean of all doesn't count. */
static void what_is_below_the_relative_gate_is_left_out(void)
{
    struct gated gated = tone(-20, 30);
    add_tone(&gated, -40, 30);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), -20, 1e-9);
}

/* Heard from two loudspeakers: 3.01 LU more, for each block and so for all. */
static void louder_is_louder_by_as_much(void)
{
    struct gated gated = tone(-20, 30);
    add_tone(&gated, -30, 30);
    gated_louder(&gated, 0);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), -22.596, 0.001);
    gated_louder(&gated, 3.01);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), -19.586, 0.001);
}

static void what_is_below_the_absolute_gate_is_left_out(void)
{
    static const double nothing[] = {0, -1, NAN, INFINITY};
    struct gated gated = tone(-60, 1);
    add_tone(&gated, -70.01, 1000);
    for (size_t i = 0; i < G_N_ELEMENTS(nothing); i++)
        gated_add(&gated, nothing[i]);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), -60, 1e-9);
}

static void silence_has_no_loudness(void)
{
    const struct gated gated = {0};
    g_autofree char *text = gated_text(&gated);
    g_assert_true(isnan(gated_lufs(&gated)));
    g_assert_cmpstr(text, ==, "");
}

static void what_is_louder_than_the_scale_counts_whole(void)
{
    const struct gated gated = tone(60, 1);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), 60, 1e-9);
}

/* BS.1770-4, equations 5 to 7, on the blocks themselves. */
static double by_definition(const double *energies, int count)
{
    double gate = energy(-70), mean = 0;
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0;
        int taken = 0;
        for (int i = 0; i < count; i++)
            if (energies[i] > gate) {
                sum += energies[i];
                taken++;
            }
        mean = sum / taken;
        gate = mean / 10;
    }
    return lufs(mean);
}

/* Programmes of a few levels, which move from block to block: speech, music, and some whose softer
 * part lies just where the gate does. */
static void the_gate_through_a_tenth_costs_less_than_a_fiftieth(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1770);
    double worst = 0;
    for (int n = 0; n < 500; n++) {
        enum { COUNT = 3000 };
        static double energies[COUNT];
        struct gated gated = {0};
        double loud = g_rand_double_range(rand, -40, -5), swing = g_rand_double_range(rand, 0, 8);
        double softer = loud - g_rand_double_range(rand, 5, 14), share = g_rand_double(rand);
        for (int i = 0; i < COUNT; i++) {
            double at = g_rand_double(rand) < share ? loud : softer;
            energies[i] = energy(at + swing * g_rand_double_range(rand, -1, 1));
            gated_add(&gated, energies[i]);
        }
        worst = fmax(worst, fabs(gated_lufs(&gated) - by_definition(energies, COUNT)));
    }
    g_test_message("worst %.4f LU", worst);
    g_assert_cmpfloat(worst, <, 0.02);
}

static void text_brings_back_the_same(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    struct gated gated = {0}, again;
    for (int i = 0; i < 20000; i++)
        gated_add(&gated, energy(g_rand_double_range(rand, -80, 10)));
    g_autofree char *text = gated_text(&gated);
    g_assert_true(gated_parse(text, &again));
    g_assert_cmpmem(gated.count, sizeof gated.count, again.count, sizeof again.count);
    g_assert_cmpfloat_with_epsilon(gated_lufs(&gated), gated_lufs(&again), 0.0001);
    g_autofree char *text_again = gated_text(&again);
    g_assert_cmpstr(text, ==, text_again);
}

static void text_that_is_none_is_refused(void)
{
    static const char *const texts[] = {
        "x",
        " ",
        "1",
        "1 2",
        "1 2 3 ",
        "1 2 3 4",
        "-1 2 3",
        "1000 1 0",
        "1 0 3",
        "1 2 10000",
        "1 -2 3",
        "1 2 3\n",
        "1,2,3",
        "1 2 3 0 2 3",
        "500 1 0 500 1 0",
        "1 99999999999999999999999 3",
        "1 2 0x3",
        " 1 2 3",
        "1  2 3",
        "nan 1 2",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct gated gated = {{1}, {1}};
        g_assert_false(gated_parse(texts[i], &gated));
        g_assert_true(isnan(gated_lufs(&gated)));
    }
    struct gated none;
    g_assert_true(gated_parse("", &none) && isnan(gated_lufs(&none)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gated/louder", louder_is_louder_by_as_much);
    g_test_add_func("/gated/A13 two tones have the mean of their energies",
                    two_tones_have_the_mean_of_their_energies);
    g_test_add_func("/gated/what is below the relative gate is left out",
                    what_is_below_the_relative_gate_is_left_out);
    g_test_add_func("/gated/what is below the absolute gate is left out",
                    what_is_below_the_absolute_gate_is_left_out);
    g_test_add_func("/gated/silence has no loudness", silence_has_no_loudness);
    g_test_add_func("/gated/what is louder than the scale counts whole",
                    what_is_louder_than_the_scale_counts_whole);
    g_test_add_func("/gated/the gate through a tenth costs less than 0.02 LU",
                    the_gate_through_a_tenth_costs_less_than_a_fiftieth);
    g_test_add_func("/gated/text brings back the same", text_brings_back_the_same);
    g_test_add_func("/gated/text that is none is refused", text_that_is_none_is_refused);
    return g_test_run();
}
