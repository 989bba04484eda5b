/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers and units: what is read, what is refused, and that what is written reads back. */
#include "base/unit.h"

#include <float.h>
#include <glib.h>
#include <locale.h>
#include <math.h>

static void units_are_read(void)
{
    const struct {
        const char *text;
        enum unit unit;
        double value;
    } good[] = {
        {"3", UNIT_NONE, 3},
        {"-23 LUFS", UNIT_LUFS, -23},
        {"-23lkfs", UNIT_LUFS, -23},
        {"-23", UNIT_LUFS, -23},
        {"0.5 LU", UNIT_LU, 0.5},
        {"0.5 dB", UNIT_LU, 0.5},
        {"-1 dBTP", UNIT_DBTP, -1},
        {"+6dB", UNIT_DB, 6},
        {"-60 dBFS", UNIT_DBFS, -60},
        {"2s", UNIT_SECONDS, 2},
        {"29.97ms", UNIT_SECONDS, 0.02997},
        {"1.5min", UNIT_SECONDS, 90},
        {"2 h", UNIT_SECONDS, 7200},
        {"1:02.5", UNIT_SECONDS, 62.5},
        {"90:00", UNIT_SECONDS, 5400},
        {"01:00:10", UNIT_SECONDS, 3610},
        {"-0:01", UNIT_SECONDS, -1},
        {"48 kHz", UNIT_HZ, 48000},
        {"5M", UNIT_BITRATE, 5e6},
        {"320kb/s", UNIT_BITRATE, 320e3},
        {"1.5 Mbit/s", UNIT_BITRATE, 1.5e6},
        {"4 MB", UNIT_BYTES, 4e6},
        {"4 MiB", UNIT_BYTES, 4194304},
        {"25%", UNIT_PERCENT, 25},
        {"16 px", UNIT_PIXELS, 16},
        {"100 nit", UNIT_NIT, 100},
        {"203 cd/m2", UNIT_NIT, 203},
        {"-0.5 stops", UNIT_STOPS, -0.5},
        {"1 stop", UNIT_STOPS, 1},
        {"3200 K", UNIT_KELVIN, 3200},
        {"90°", UNIT_DEGREES, 90},
        {".5deg", UNIT_DEGREES, 0.5},
        {"1e3", UNIT_HZ, 1000},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        double value = NAN;
        g_test_message("%s", good[i].text);
        g_assert_true(unit_parse(good[i].text, good[i].unit, &value));
        g_assert_cmpfloat(value, ==, good[i].value);
    }
}

static void what_is_not_a_value_of_the_unit_is_refused(void)
{
    const struct {
        const char *text;
        enum unit unit;
    } bad[] = {
        {"", UNIT_NONE},        {"-", UNIT_NONE},          {"1,5", UNIT_NONE},
        {"0x10", UNIT_NONE},    {"inf", UNIT_NONE},        {"nan", UNIT_NONE},
        {"1e999", UNIT_NONE},   {"5.", UNIT_NONE},         {"1 2", UNIT_NONE},
        {" 1", UNIT_NONE},      {"1 ", UNIT_NONE},         {"2s", UNIT_NONE},
        {"-23 dB", UNIT_LUFS},  {"-1 dB", UNIT_DBTP},      {"-1 LU", UNIT_DB},
        {"5m", UNIT_BITRATE},   {"5MB/s", UNIT_BITRATE},   {"4 Mb", UNIT_BYTES},
        {"1:60", UNIT_SECONDS}, {"1:60:00", UNIT_SECONDS}, {"1:2:3:4", UNIT_SECONDS},
        {":30", UNIT_SECONDS},  {"1:", UNIT_SECONDS},      {"1:-2", UNIT_SECONDS},
        {"1:2s", UNIT_SECONDS}, {"1:1e1", UNIT_SECONDS},   {"1.5:00", UNIT_SECONDS},
        {"--1s", UNIT_SECONDS}, {"1e308 TB", UNIT_BYTES},  {"12f", UNIT_SECONDS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        double value;
        g_test_message("%s", bad[i].text);
        g_assert_false(unit_parse(bad[i].text, bad[i].unit, &value));
    }
}

static void units_are_written_shortest(void)
{
    const struct {
        double value;
        enum unit unit;
        const char *text;
    } rows[] = {
        {-23, UNIT_LUFS, "-23 LUFS"},
        {2, UNIT_SECONDS, "2s"},
        {25, UNIT_PERCENT, "25%"},
        {48000, UNIT_HZ, "48000 Hz"},
        {0.1, UNIT_NONE, "0.1"},
        {-0.0, UNIT_NONE, "0"},
        {1e6, UNIT_BITRATE, "1000000 bit/s"},
        {1.0 / 3, UNIT_NONE, "0.3333333333333333"},
        {1e-7, UNIT_NONE, "0.0000001"},
        {1.5e-8, UNIT_NONE, "1.5e-8"},
        {1e21, UNIT_NONE, "1e21"},
        {123456.75, UNIT_NONE, "123456.75"},
        {1e20, UNIT_NONE, "100000000000000000000"},
        {5e-324, UNIT_NONE, "5e-324"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = unit_text(rows[i].value, rows[i].unit);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

static void check_round_trip(double value, enum unit unit)
{
    double back;
    g_autofree char *text = unit_text(value, unit);
    g_assert_true(unit_parse(text, unit, &back));
    g_assert_cmpfloat(back, ==, value);
}

static void every_number_reads_back_the_same(void)
{
    for (enum unit unit = UNIT_NONE; unit <= UNIT_DEGREES; unit++) {
        check_round_trip(DBL_MAX, unit);
        check_round_trip(-DBL_MIN, unit);
        for (int i = 0; i < 1000; i++)
            check_round_trip(ldexp(g_test_rand_double() - 0.5, g_test_rand_int_range(-1000, 1000)),
                             unit);
    }
}

static void the_locale_changes_nothing(void)
{
    const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
    size_t i = 0;
    while (i < G_N_ELEMENTS(locales) && !setlocale(LC_ALL, locales[i]))
        i++;
    if (i == G_N_ELEMENTS(locales)) {
        g_test_skip("no locale with a decimal comma is installed");
        return;
    }
    units_are_read();
    units_are_written_shortest();
    setlocale(LC_ALL, "C");
}

static void a_moment_of_zero_has_no_sign(void)
{
    g_autofree char *zero = g_strdup_printf("%.3f", seconds_shown(-0.0));
    g_autofree char *near = g_strdup_printf("%.3f", seconds_shown(-0.0004));
    g_autofree char *far = g_strdup_printf("%.3f", seconds_shown(-0.0006));
    g_assert_cmpstr(zero, ==, "0.000");
    g_assert_cmpstr(near, ==, "0.000");
    g_assert_cmpstr(far, ==, "-0.001");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/unit/units_are_read", units_are_read);
    g_test_add_func("/unit/what_is_not_a_value_of_the_unit_is_refused",
                    what_is_not_a_value_of_the_unit_is_refused);
    g_test_add_func("/unit/units_are_written_shortest", units_are_written_shortest);
    g_test_add_func("/unit/every_number_reads_back_the_same", every_number_reads_back_the_same);
    g_test_add_func("/unit/the_locale_changes_nothing", the_locale_changes_nothing);
    g_test_add_func("/unit/a_moment_of_zero_has_no_sign", a_moment_of_zero_has_no_sign);
    return g_test_run();
}
