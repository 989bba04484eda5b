/* SPDX-License-Identifier: GPL-3.0-or-later
 * The meter against the signals of EBU Tech 3341 v4 and Tech 3342 v3, made from their definitions.
 * Tolerances: 0.1 LU, and 1 LU of loudness range. */
#include "meter_help.h"

#include <ebur128.h>
#include <stdlib.h>

/* --- A1: integrated loudness --- */

static void integrated_loudness_of_cases_1_and_2(void)
{
    static const int rates[] = {8000, 11025, 22050, 44056, 44100, 48000, 96000, 192000};
    for (size_t r = 0; r < G_N_ELEMENTS(rates); r++)
        for (double dbfs = -33; dbfs <= -23; dbfs += 10) {
            struct loudness read = HEARD(rates[r], 1, {rates[r] == 48000 ? 20 : 3.5, dbfs});
            assert_lu(read.integrated_lufs, dbfs);
            assert_lu(read.max_momentary_lufs, dbfs);
            assert_lu(read.max_short_term_lufs, dbfs);
        }
}

static void integrated_loudness_of_cases_3_to_5(void)
{
    struct loudness third = HEARD(48000, 1, {10, -36}, {60, -23}, {10, -36});
    struct loudness fourth = HEARD(16000, 1, {10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72});
    struct loudness fifth = HEARD(11025, 1, {20, -26}, {20.1, -20}, {20, -26});
    assert_lu(third.integrated_lufs, -23);
    assert_lu(fourth.integrated_lufs, -23);
    assert_lu(fifth.integrated_lufs, -23);
}

/* Also as six channels with a silent LFE, and with the surrounds at the sides. */
static void integrated_loudness_of_case_6(void)
{
    static const struct {
        const char *layout;
        double levels[6];
    } rows[] = {
        {"5.0", {-28, -28, -24, -30, -30}},
        {"5.0(side)", {-28, -28, -24, -30, -30}},
        {"5.1", {-28, -28, -24, -INFINITY, -30, -30}},
        {"5.1(side)", {-28, -28, -24, -10, -30, -30}},
    };
    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        struct feed feed = feed_open(rows[r].layout, 48000);
        feed_tone(&feed, 5, rows[r].levels);
        assert_lu(feed_close(&feed).integrated_lufs, -23);
    }
}

/* --- A2: the greatest short-term and momentary loudness --- */

/* Polling has no rate of samples: most offsets at a lower one, which is quicker. */
static int rate_of(int offset)
{
    return offset % 5 ? 16000 : 48000;
}

static void short_term_of_cases_9_to_11(void)
{
    struct loudness ninth = HEARD(48000, 5, {1.34, -20}, {1.66, -30});
    assert_lu(ninth.max_short_term_lufs, -23);
    g_assert_cmpfloat(ninth.lra_lu, <, 0.2); /* constant, so no range */
    for (int n = 0; n < 20; n++) {
        struct loudness tenth =
            HEARD(rate_of(n), 1, {n * 0.15, -INFINITY}, {3, -23}, {1, -INFINITY});
        assert_lu(tenth.max_short_term_lufs, -23);
        struct loudness eleventh =
            HEARD(rate_of(n), 1, {n * 0.15, -INFINITY}, {3, -38 + n}, {3 - n * 0.15, -INFINITY});
        assert_lu(eleventh.max_short_term_lufs, -38 + n);
    }
}

static void momentary_of_cases_12_to_14(void)
{
    struct loudness twelfth = HEARD(48000, 25, {0.18, -20}, {0.22, -30});
    assert_lu(twelfth.max_momentary_lufs, -23);
    for (int n = 0; n < 40; n++) {
        int i = n % 20, rate = n < 20 ? rate_of(n) : 11025;
        struct loudness thirteenth =
            HEARD(rate, 1, {i * 0.02, -INFINITY}, {0.4, -23}, {1, -INFINITY});
        assert_lu(thirteenth.max_momentary_lufs, -23);
        struct loudness fourteenth =
            HEARD(rate, 1, {i * 0.02, -INFINITY}, {0.4, -38 + i}, {0.4 - i * 0.02, -INFINITY});
        assert_lu(fourteenth.max_momentary_lufs, -38 + i);
    }
}

/* --- A4: loudness range --- */

static void range_of_tech_3342_cases_1_to_4(void)
{
    struct loudness first = HEARD(48000, 1, {20, -20}, {20, -30});
    struct loudness second = HEARD(16000, 1, {20, -20}, {20, -15});
    struct loudness third = HEARD(22050, 1, {20, -40}, {20, -20});
    struct loudness fourth = HEARD(8000, 1, {20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50});
    g_assert_cmpfloat_with_epsilon(first.lra_lu, 10, 1);
    g_assert_cmpfloat_with_epsilon(second.lra_lu, 5, 1);
    g_assert_cmpfloat_with_epsilon(third.lra_lu, 20, 1);
    g_assert_cmpfloat_with_epsilon(fourth.lra_lu, 15, 1);
    g_assert_false(first.lra_stable);
    g_assert_true(fourth.lra_stable);
}

static void a_range_is_stable_after_a_minute(void)
{
    g_assert_false(HEARD(11025, 1, {59.9, -23}).lra_stable);
    g_assert_true(HEARD(11025, 1, {60, -23}).lra_stable);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The calculation of Tech 3342, clause 3, on values in LUFS: sorted in place. */
static double range_by_definition(double *values, int count)
{
    double sum = 0;
    int first = 0, taken = 0;
    qsort(values, (size_t)count, sizeof *values, ascending);
    for (int i = 0; i < count; i++)
        if (values[i] >= -70) {
            sum += pow(10, values[i] / 10);
            taken++;
        }
    while (values[first] < 10 * log10(sum / taken) - 20)
        first++;
    double last = count - 1 - first;
    return values[first + lround(last * 0.95)] - values[first + lround(last * 0.1)];
}

/* Short-term values by libebur128, asked every 100 ms: levels that change faster than a second. */
static void a_range_is_of_values_every_100_ms(void)
{
    enum { RATE = 8000, HOP = RATE / 10, HOPS = 400 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(3342);
    struct feed feed = feed_open("mono", RATE);
    ebur128_state *state = ebur128_init(1, RATE, EBUR128_MODE_S);
    double values[HOPS], amplitude = 0;
    float samples[HOP];
    int count = 0;
    for (int h = 0; h < HOPS; h++) {
        if (h % 7 == 0)
            amplitude = amplitude_of(g_rand_double_range(rand, -60, -6));
        for (int i = 0; i < HOP; i++)
            samples[i] = (float)(amplitude * g_rand_double_range(rand, -1, 1));
        loudness_meter_feed(feed.meter, (const float *[]){samples}, HOP, NULL);
        ebur128_add_frames_float(state, samples, HOP);
        if (h >= 29 && ebur128_loudness_shortterm(state, &values[count]) == 0)
            count++;
    }
    ebur128_destroy(&state);
    g_assert_cmpfloat_with_epsilon(feed_close(&feed).lra_lu, range_by_definition(values, count),
                                   0.001);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ebu/A1 Tech 3341 cases 1 and 2, at every rate",
                    integrated_loudness_of_cases_1_and_2);
    g_test_add_func("/ebu/A1 Tech 3341 cases 3 to 5", integrated_loudness_of_cases_3_to_5);
    g_test_add_func("/ebu/A1 Tech 3341 case 6", integrated_loudness_of_case_6);
    g_test_add_func("/ebu/A2 Tech 3341 cases 9 to 11", short_term_of_cases_9_to_11);
    g_test_add_func("/ebu/A2 Tech 3341 cases 12 to 14", momentary_of_cases_12_to_14);
    g_test_add_func("/ebu/A4 Tech 3342 cases 1 to 4", range_of_tech_3342_cases_1_to_4);
    g_test_add_func("/ebu/A4 a range is stable after a minute", a_range_is_stable_after_a_minute);
    g_test_add_func("/ebu/A4 a range is of values every 100 ms", a_range_is_of_values_every_100_ms);
    return g_test_run();
}
