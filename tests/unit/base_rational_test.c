/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exact ratios. The NTSC rates are those of SMPTE ST 12-1. */
#include "base/rational.h"

#include <glib.h>

static void ratios_are_reduced_with_a_positive_denominator(void)
{
    const struct {
        int64_t num, den;
        struct rational r;
    } rows[] = {
        {50, 2, {25, 1}},
        {-4, -6, {2, 3}},
        {4, -6, {-2, 3}},
        {0, 7, {0, 1}},
        {7, 0, {0, 1}},
        {INT64_MIN, 2, {INT64_MIN / 2, 1}},
        {INT64_MIN, INT64_MIN, {1, 1}},
        {INT64_MIN, -1, {0, 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational r = rational_make(rows[i].num, rows[i].den);
        g_assert_cmpint(r.num, ==, rows[i].r.num);
        g_assert_cmpint(r.den, ==, rows[i].r.den);
    }
}

static void rates_and_ratios_are_read(void)
{
    const struct {
        const char *text, *canonical;
    } rows[] = {
        {"25", "25"},
        {"30000/1001", "30000/1001"},
        {"16:9", "16/9"},
        {"50/2", "25"},
        {"23.976", "24000/1001"},
        {"23.98", "24000/1001"},
        {"29.97", "30000/1001"},
        {"29.970", "30000/1001"},
        {"47.952", "48000/1001"},
        {"59.94", "60000/1001"},
        {"119.88", "120000/1001"},
        {"24.0", "24"},
        {"12.5", "25/2"},
        {"2.39:1", "239/100"},
        {"-3/2", "-3/2"},
        {"23.97", "2397/100"},
        {"0", "0"},
        {".5", "1/2"},
        {"9223372036854775807/2", "9223372036854775807/2"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational r;
        g_assert_true(rational_parse(rows[i].text, &r));
        g_autofree char *text = rational_text(r);
        g_assert_cmpstr(text, ==, rows[i].canonical);
    }
}

static void what_is_not_a_ratio_is_refused(void)
{
    const char *const bad[] = {"",
                               "/",
                               "1/",
                               "/1",
                               "1/0",
                               "1/-2",
                               "25fps",
                               "1e3",
                               "25 ",
                               " 25",
                               "5.",
                               ".",
                               "--1",
                               "1:2:3",
                               "16,9",
                               "9999999999999999999",
                               "0.000000000000000000001"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct rational r;
        g_assert_false(rational_parse(bad[i], &r));
    }
}

static void rescale_rounds_half_away_from_zero_without_overflow(void)
{
    g_assert_cmpint(rescale(1, 1, 2), ==, 1);
    g_assert_cmpint(rescale(-1, 1, 2), ==, -1);
    g_assert_cmpint(rescale(1, 1, 3), ==, 0);
    g_assert_cmpint(rescale(2, 1, 3), ==, 1);
    g_assert_cmpint(rescale(-7, 1, 5), ==, -1);
    g_assert_cmpint(rescale(-8, 1, 5), ==, -2);
    g_assert_cmpint(rescale(INT64_MAX, 1000000007, 1000000007), ==, INT64_MAX);
    g_assert_cmpint(rescale(INT64_MAX, 2, 1), ==, INT64_MAX);
    g_assert_cmpint(rescale(INT64_MIN, INT64_MAX, 1), ==, INT64_MIN);
    g_assert_cmpint(rescale(1001 * 24, 90000, 24000), ==, 90090);
}

static void values_compare_by_ratio(void)
{
    g_assert_true(rational_equal((struct rational){1, 2}, (struct rational){2, 4}));
    g_assert_false(rational_equal((struct rational){25, 1}, (struct rational){24, 1}));
    g_assert_cmpfloat(rational_value((struct rational){25, 2}), ==, 12.5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rational/ratios_are_reduced_with_a_positive_denominator",
                    ratios_are_reduced_with_a_positive_denominator);
    g_test_add_func("/rational/rates_and_ratios_are_read", rates_and_ratios_are_read);
    g_test_add_func("/rational/what_is_not_a_ratio_is_refused", what_is_not_a_ratio_is_refused);
    g_test_add_func("/rational/rescale_rounds_half_away_from_zero_without_overflow",
                    rescale_rounds_half_away_from_zero_without_overflow);
    g_test_add_func("/rational/values_compare_by_ratio", values_compare_by_ratio);
    return g_test_run();
}
