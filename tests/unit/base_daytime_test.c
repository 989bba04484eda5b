/* SPDX-License-Identifier: GPL-3.0-or-later
 * Windows and deadlines in a zone that changes its clocks, as Berlin does. */
#include "base/daytime.h"

#include <glib.h>

static const int64_t hour_us = (int64_t)3600 * G_USEC_PER_SEC;

static int64_t at(const char *utc)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(utc, NULL);
    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void windows_are_read_and_written(void)
{
    const char *const good[] = {"20:00-08:00", "08:00-20:00", "00:00-24:00", "22:15-24:00"};
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
        struct window window;
        g_assert_true(window_parse(good[i], &window));
        g_autofree char *text = window_text(&window);
        g_assert_cmpstr(text, ==, good[i]);
    }
}

static void what_is_no_window_is_refused(void)
{
    const char *const bad[] = {
        "",      "20:00",        "8:00-9:00",   "20:00-25:00", "20:60-08:00",
        "20-08", "20:00-08:00h", "08:00-08:00", "24:00-08:00", "20:00-24:01"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct window window;
        g_assert_false(window_parse(bad[i], &window));
    }
}

static struct window window_of(const char *text)
{
    struct window window;
    g_assert_true(window_parse(text, &window));
    return window;
}

static void a_window_goes_past_midnight(void)
{
    struct window night = window_of("20:00-08:00");
    g_assert_false(window_is_open(&night, at("2026-01-10T18:59:59Z")));
    g_assert_true(window_is_open(&night, at("2026-01-10T19:00:00Z")));
    g_assert_true(window_is_open(&night, at("2026-01-10T23:30:00Z")));
    g_assert_false(window_is_open(&night, at("2026-01-11T07:00:00Z")));
    g_assert_cmpint(window_opens_us(&night, at("2026-01-10T12:00:30Z")), ==,
                    at("2026-01-10T19:00:00Z"));
    g_assert_cmpint(window_closes_us(&night, at("2026-01-10T20:00:30Z")), ==,
                    at("2026-01-11T07:00:00Z"));
}

/* 2026-03-29, 02:00 becomes 03:00: a window from 02:30 opens when the clock is past it. */
static void a_window_opens_in_the_hour_that_is_left_out(void)
{
    struct window night = window_of("02:30-06:00");
    g_assert_cmpint(window_opens_us(&night, at("2026-03-28T12:00:00Z")), ==,
                    at("2026-03-29T01:00:00Z"));
}

/* 2026-10-25, 03:00 becomes 02:00: the night is an hour longer. */
static void the_hour_that_comes_twice_counts_twice(void)
{
    struct window night = window_of("20:00-08:00");
    g_assert_cmpint(
        window_open_between_us(&night, at("2026-10-24T10:00:00Z"), at("2026-10-25T10:00:00Z")), ==,
        13 * hour_us);
}

static void work_goes_on_in_the_next_night(void)
{
    struct window night = window_of("20:00-08:00");
    g_assert_cmpint(window_after_us(&night, at("2026-01-10T12:00:00Z"), 15 * hour_us), ==,
                    at("2026-01-11T22:00:00Z"));
    struct window always = {0, 0};
    g_assert_cmpint(window_after_us(&always, 5, 7), ==, 12);
}

static void a_deadline_is_the_next_of_its_time(void)
{
    const struct {
        const char *text, *now, *due;
    } rows[] = {
        {"08:00", "2026-01-10T06:59:59Z", "2026-01-10T07:00:00Z"},
        {"08:00", "2026-01-10T07:00:00Z", "2026-01-11T07:00:00Z"},
        {"08:00", "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z"}, /* the clock is put forward */
        {"08:00", "2026-10-24T12:00:00Z", "2026-10-25T07:00:00Z"}, /* and back */
        {"08:00Z", "2026-01-10T07:30:00Z", "2026-01-10T08:00:00Z"},
        {"08:00:30-05:00", "2026-01-10T00:00:00Z", "2026-01-10T13:00:30Z"},
        {"23:30", "2026-12-31T22:45:00Z", "2027-01-01T22:30:00Z"},
        {"2026-02-01T08:00", "2026-01-10T00:00:00Z", "2026-02-01T07:00:00Z"},
        {"2026-02-01 08:00+05:30", "2026-01-10T00:00:00Z", "2026-02-01T02:30:00Z"},
        {"2026-01-01T08:00Z", "2026-01-10T00:00:00Z", "2026-01-01T08:00:00Z"}, /* past */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct deadline deadline;
        g_assert_true(deadline_parse(rows[i].text, &deadline));
        g_assert_cmpint(deadline_us(&deadline, at(rows[i].now)), ==, at(rows[i].due));
    }
}

static void what_is_no_deadline_is_refused(void)
{
    const char *const bad[] = {"",
                               "8:00",
                               "24:00",
                               "08:60",
                               "08:00 CET",
                               "08:00+1",
                               "08:00+1:00",
                               "2026-02-30T08:00",
                               "2026-02-1",
                               "2026-02-01T8",
                               "tomorrow",
                               "2026-13-01T08:00",
                               "0001-01-01T00:00",
                               "9999-12-31T23:59"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct deadline deadline;
        g_assert_false(deadline_parse(bad[i], &deadline));
    }
}

#define TEST(name) g_test_add_func("/daytime/" #name, name)

static void a_moment_is_told_in_utc_too(void)
{
    g_autofree char *text = moment_utc_text(1772352000 * G_GINT64_CONSTANT(1000000));
    g_autofree char *none = moment_utc_text(INT64_MAX);
    g_assert_cmpstr(text, ==, "2026-03-01T08:00:00Z");
    g_assert_cmpstr(none, ==, "unknown");
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
    g_test_init(&argc, &argv, NULL);
    TEST(windows_are_read_and_written);
    TEST(what_is_no_window_is_refused);
    TEST(a_window_goes_past_midnight);
    TEST(a_window_opens_in_the_hour_that_is_left_out);
    TEST(the_hour_that_comes_twice_counts_twice);
    TEST(work_goes_on_in_the_next_night);
    TEST(a_deadline_is_the_next_of_its_time);
    TEST(what_is_no_deadline_is_refused);
    TEST(a_moment_is_told_in_utc_too);
    return g_test_run();
}
