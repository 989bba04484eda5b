/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rates of pictures by their packets' times, ISO/IEC 13818-1, 2.4.3.6: 90 kHz, so 3600 to a picture
 * of 25 a second, and 3003 to one of 30000/1001. */
#include "bytes/ts_rates.h"

#include "bytes/ts_tables.h"

#include <string.h>

enum { PICTURE = 0x100, SECOND = 90000, PAL = 3600, NTSC = 3003 };

static void put_time(uint8_t *data, int mark, int64_t time)
{
    data[0] = (uint8_t)(mark << 4 | (int)(time >> 30 & 7) << 1 | 1);
    data[1] = (uint8_t)(time >> 22);
    data[2] = (uint8_t)((time >> 15 & 0x7f) << 1 | 1);
    data[3] = (uint8_t)(time >> 7);
    data[4] = (uint8_t)((time & 0x7f) << 1 | 1);
}

/* Shown at one time, decoded at another. */
static void send(struct ts_rates *rates, int64_t pts, int64_t dts)
{
    uint8_t packet[TS_PACKET] = {0x47, 0x40 | PICTURE >> 8, PICTURE & 255, 0x10, 0, 0, 1, 0xe0};
    const bool both = pts != dts;
    packet[10] = 0x80;
    packet[11] = both ? 0xc0 : 0x80;
    packet[12] = both ? 10 : 5;
    put_time(packet + 13, both ? 3 : 2, pts);
    if (both)
        put_time(packet + 18, 1, dts);
    ts_rates_see(rates, packet);
}

static int64_t send_steps(struct ts_rates *rates, int64_t from, int64_t step, int count)
{
    for (int i = 0; i < count; i++, from += step)
        send(rates, from, from);
    return from;
}

static void check(const struct ts_rates *rates, double least, double most)
{
    double found[2] = {0};
    g_assert_true(ts_rates_steps(rates, PICTURE, &found[0], &found[1]));
    g_assert_cmpfloat_with_epsilon(found[0], least, 0.5);
    g_assert_cmpfloat_with_epsilon(found[1], most, 0.5);
}

static void a_rate_that_becomes_another_is_told(void)
{
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    const int64_t at = send_steps(rates, SECOND, PAL, 100);
    send_steps(rates, at, PAL / 2, 100);
    check(rates, PAL / 2., PAL);
}

static void times_of_decoding_are_those_that_count(void)
{
    static const int64_t late[] = {1, 4, 2, 1};
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    for (int i = 0; i < 100; i++)
        send(rates, SECOND + (i + late[i % 4]) * PAL, SECOND + i * PAL);
    check(rates, PAL, PAL);
}

static void a_clock_that_begins_at_0_again_goes_on(void)
{
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    for (int i = 0; i < 24 + 1; i++)
        send_steps(rates, (((int64_t)1 << 33) - 10 * PAL + i * PAL) & (((int64_t)1 << 33) - 1), 0,
                   1);
    check(rates, PAL, PAL);
}

static void a_missing_picture_makes_no_other_rate(void)
{
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    int64_t at = SECOND;
    for (int i = 0; i < 10; i++)
        at = send_steps(rates, at, PAL, 40) + PAL;
    check(rates, PAL, PAL);
}

/* Film at 24000/1001 whose every other picture has a field more. */
static void fields_that_are_repeated_make_no_other_rate(void)
{
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    int64_t at = send_steps(rates, SECOND, NTSC, 100);
    for (int i = 0; i < 100; i++)
        at = send_steps(rates, at, i % 2 ? NTSC : NTSC * 3 / 2, 1);
    check(rates, NTSC, NTSC);
}

static void of_a_few_pictures_nothing_is_told(void)
{
    double step;
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    send_steps(rates, SECOND, PAL, 24);
    g_assert_false(ts_rates_steps(rates, PICTURE, &step, &step));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rates/a rate that becomes another is told",
                    a_rate_that_becomes_another_is_told);
    g_test_add_func("/rates/times of decoding are those that count",
                    times_of_decoding_are_those_that_count);
    g_test_add_func("/rates/a clock that begins at 0 again goes on",
                    a_clock_that_begins_at_0_again_goes_on);
    g_test_add_func("/rates/a missing picture makes no other rate",
                    a_missing_picture_makes_no_other_rate);
    g_test_add_func("/rates/fields that are repeated make no other rate",
                    fields_that_are_repeated_make_no_other_rate);
    g_test_add_func("/rates/of a few pictures nothing is told", of_a_few_pictures_nothing_is_told);
    return g_test_run();
}
