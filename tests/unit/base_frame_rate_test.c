/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frame rates: the usual ones are those of SMPTE ST 2048-1 and ST 12-1, and slow ones of web
 * cameras. */
#include "base/frame_rate.h"

#include <glib.h>
#include <math.h>

static void what_nobody_records_in_is_unusual(void)
{
    const struct {
        double rate;
        bool usual;
    } rows[] = {
        {25, true},  {30000 / 1001., true},  {23.976, true},      {12.5, true},
        {240, true}, {45000 / 1499., false}, {2500 / 83., false}, {14.587, false},
        {0.2, true}, {1 / 3., true},         {0.37, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(frame_rate_is_usual(rows[i].rate), ==, rows[i].usual);
}

static void an_average_is_near_a_usual_rate_or_stands_for_itself(void)
{
    const struct {
        double average;
        struct rational nominal;
    } rows[] = {
        {29.877, {30000, 1001}}, {30.1, {30, 1}}, {23.81, {24000, 1001}},
        {16.667, {16667, 1000}}, {0, {0, 1}},     {1000, {1000, 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational r = frame_rate_nominal(rows[i].average);
        g_assert_cmpint(r.num, ==, rows[i].nominal.num);
        g_assert_cmpint(r.den, ==, rows[i].nominal.den);
    }
}

/* SMPTE ST 2067-21 and libavformat's table of MXF edit rates agree on these up to 60. */
static void television_holds_slow_rates_as_multiples(void)
{
    const struct {
        double rate;
        struct rational television;
    } rows[] = {
        {25, {25, 1}},
        {30000 / 1001., {30000, 1001}},
        {12.5, {25, 1}},
        {48000 / 1001., {48000, 1001}},
        {120000 / 1001., {120000, 1001}},
        {15, {30, 1}},
        {45000 / 1499., {30, 1}},
        {250.5, {120, 1}},
        {1, {24, 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational r = frame_rate_television(rows[i].rate);
        g_assert_cmpint(r.num, ==, rows[i].television.num);
        g_assert_cmpint(r.den, ==, rows[i].television.den);
    }
}

static const struct rational none = {0, 1};

/* Times as Matroska's clock of milliseconds has them (RFC 9559, 11.1), of pictures n at a rate. */
static void times_that_are_rounded_are_of_the_rate_that_they_come_at(void)
{
    const struct rational rates[] = {{30, 1}, {30000, 1001}, {24, 1},       {24000, 1001},
                                     {25, 1}, {60, 1},       {60000, 1001}, {15, 2},
                                     {10, 7}, {10, 13},      {113, 10},     {1, 7}};
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        int64_t times[50];
        for (int n = 0; n < 50; n++)
            times[n] = llround(100.4 + n * 1000 / rational_value(rates[i]));
        struct rational r = frame_rate_of_times(times, 50, 0.001, none);
        g_assert_cmpint(r.num, ==, rates[i].num);
        g_assert_cmpint(r.den, ==, rates[i].den);
    }
}

/* Exact in a transport stream's clock of 90 kHz (ITU-T H.222.0). */
static void a_fine_clock_tells_unusual_rates_as_well(void)
{
    int64_t times[40];
    for (int n = 0; n < 40; n++)
        times[n] = 252000 + n * 63000;
    struct rational r = frame_rate_of_times(times, 40, 1 / 90000., none);
    g_assert_cmpint(r.num, ==, 10);
    g_assert_cmpint(r.den, ==, 7);
}

static void times_that_no_rate_explains_have_none(void)
{
    const int64_t late[] = {0, 40, 80, 122, 160}, gap[] = {0, 40, 120, 160}, same[] = {7, 7};
    g_assert_cmpint(frame_rate_of_times(late, 5, 0.001, none).num, ==, 0);
    g_assert_cmpint(frame_rate_of_times(gap, 4, 0.001, none).num, ==, 0);
    g_assert_cmpint(frame_rate_of_times(same, 2, 0.001, none).num, ==, 0);
    g_assert_cmpint(frame_rate_of_times(same, 1, 0.001, none).num, ==, 0);
}

/* Of a few pictures in milliseconds: 90 (or 14.587) a second as a container tells it, else 91
 * over 1.001. */
static void a_rate_that_is_told_and_fits_is_kept(void)
{
    const int64_t times[] = {0, 11, 22, 33, 44}, slow[] = {0, 69, 137, 206, 274, 343};
    const struct rational ninety = {90, 1}, odd = {14587, 1000}, film = {24, 1};
    g_assert_true(rational_equal(frame_rate_of_times(times, 5, 0.001, ninety), ninety));
    g_assert_true(rational_equal(frame_rate_of_times(slow, 6, 0.001, odd), odd));
    g_assert_cmpint(frame_rate_of_times(times, 5, 0.001, film).num, ==, 1000);
}

/* Of every hundred pictures seven are missing, in the clocks of Matroska and of transport streams.
 */
static void pictures_with_holes_are_of_the_rate_whose_steps_they_are_on(void)
{
    static const struct rational rates[] = {{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001},
                                            {30, 1},       {50, 1}, {60000, 1001}, {60, 1}};
    static const double ticks[] = {0.001, 1 / 90000.};
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rates); i++) {
        const double fps = rational_value(rates[i / 2]), tick_s = ticks[i % 2];
        int64_t times[300];
        unsigned count = 0;
        for (int n = 0; n < 320; n++)
            if (n % 100 % 14 != 5)
                times[count++] = llround(0.4 + n / fps / tick_s);
        struct rational r = frame_rate_of_raster(times, count, tick_s, llround(1 / fps / tick_s));
        g_assert_cmpint(r.num, ==, rates[i / 2].num);
        g_assert_cmpint(r.den, ==, rates[i / 2].den);
    }
}

/* Of 30 a second with some of 60 between them, of 25 with one late, and in steps of the clock. */
static void times_beside_the_steps_are_of_no_raster(void)
{
    const int64_t mixed[] = {0, 33, 67, 83, 117, 150}, late[] = {0, 40, 80, 122, 160};
    const int64_t coarse[] = {0, 1, 2, 4, 5};
    g_assert_cmpint(frame_rate_of_raster(mixed, 6, 0.001, 33).num, ==, 0);
    g_assert_cmpint(frame_rate_of_raster(late, 5, 0.001, 40).num, ==, 0);
    g_assert_cmpint(frame_rate_of_raster(coarse, 5, 0.04, 1).num, ==, 0);
}

/* What Matroska's nanoseconds make of 60000/1001, and 29.97 as it is written by hand. */
static void a_rate_next_to_televisions_is_that(void)
{
    const struct {
        struct rational rate, exact;
    } rows[] = {{{19001, 317}, {60000, 1001}},
                {{2997, 100}, {30000, 1001}},
                {{30, 1}, {30, 1}},
                {{277, 12}, {277, 12}},
                {{0, 1}, {0, 1}}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational r = frame_rate_exact(rows[i].rate);
        g_assert_cmpint(r.num, ==, rows[i].exact.num);
        g_assert_cmpint(r.den, ==, rows[i].exact.den);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frame rate/usual", what_nobody_records_in_is_unusual);
    g_test_add_func("/frame rate/nominal", an_average_is_near_a_usual_rate_or_stands_for_itself);
    g_test_add_func("/frame rate/television", television_holds_slow_rates_as_multiples);
    g_test_add_func("/frame rate/rounded",
                    times_that_are_rounded_are_of_the_rate_that_they_come_at);
    g_test_add_func("/frame rate/fine", a_fine_clock_tells_unusual_rates_as_well);
    g_test_add_func("/frame rate/told", a_rate_that_is_told_and_fits_is_kept);
    g_test_add_func("/frame rate/none", times_that_no_rate_explains_have_none);
    g_test_add_func("/frame rate/raster",
                    pictures_with_holes_are_of_the_rate_whose_steps_they_are_on);
    g_test_add_func("/frame rate/no raster", times_beside_the_steps_are_of_no_raster);
    g_test_add_func("/frame rate/exact", a_rate_next_to_televisions_is_that);
    return g_test_run();
}
