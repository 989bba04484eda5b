/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places in a programme: read, written and found. */
#include "base/unit.h"

#include <glib.h>
#include <string.h>

static void positions_are_read_and_read_back_the_same(void)
{
    const struct {
        const char *text;
        enum position_kind kind;
        double value;
        bool from_end;
        const char *canonical;
    } rows[] = {
        {"2s", POSITION_SECONDS, 2, false, "2s"},
        {"2", POSITION_SECONDS, 2, false, "2s"},
        {"-500ms", POSITION_SECONDS, 0.5, true, "-0.5s"},
        {"1:02.5", POSITION_SECONDS, 62.5, false, "62.5s"},
        {"01:00:10", POSITION_SECONDS, 3610, false, "3610s"},
        {"12f", POSITION_FRAMES, 12, false, "12f"},
        {"-12f", POSITION_FRAMES, 12, true, "-12f"},
        {"25%", POSITION_PERCENT, 25, false, "25%"},
        {"-10%", POSITION_PERCENT, 10, true, "-10%"},
        {"-0s", POSITION_SECONDS, 0, true, "-0s"},
        {"01:00:10:05", POSITION_TIMECODE, 0, false, "01:00:10:05"},
        {"01:00:10;05", POSITION_TIMECODE, 0, false, "01:00:10;05"},
        {"", POSITION_NONE, 0, false, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct position p, back;
        g_test_message("%s", rows[i].text);
        g_assert_true(position_parse(rows[i].text, &p));
        g_assert_cmpint(p.kind, ==, rows[i].kind);
        g_assert_cmpfloat(p.value, ==, rows[i].value);
        g_assert_cmpint(p.from_end, ==, rows[i].from_end);
        g_autofree char *text = position_text(&p);
        g_assert_cmpstr(text, ==, rows[i].canonical);
        g_assert_true(position_parse(text, &back));
        g_assert_cmpint(back.kind, ==, p.kind);
        g_assert_cmpfloat(back.value, ==, p.value);
        g_assert_cmpint(back.from_end, ==, p.from_end);
        g_assert_cmpstr(back.timecode, ==, p.timecode);
    }
}

static void what_is_not_a_position_is_refused(void)
{
    const char *const bad[] = {"-",           "f",     "12.5f",        "1e99f",
                               "--2s",        "-+2s",  "+2s",          "2 dB",
                               "25:00:00:00", "1:99",  "-01:00:10:05", "%",
                               "1:2:3:4",     "start", "1:2:3:4:5",    "00:00:00:100"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct position p;
        g_test_message("%s", bad[i]);
        g_assert_false(position_parse(bad[i], &p));
    }
}

struct programme {
    double duration_s;
    struct rational fps;
    const char *start;
};

static const struct programme pal = {12.48, {25, 1}, "01:00:00:00"};
static const struct programme ntsc = {100.1, {30000, 1001}, "00:59:58;00"};
static const struct programme midnight = {20, {25, 1}, "23:59:55:00"};
static const struct programme unknown = {0, {0, 1}, NULL};
static const struct programme endless = {0, {25, 1}, NULL};

static void positions_are_found(void)
{
    const struct {
        const char *text;
        const struct programme *in;
        double seconds;
    } rows[] = {
        {"2s", &pal, 2},
        {"-0.48s", &pal, 12},
        {"12f", &pal, 12 / 25.0},
        {"-12f", &pal, 12},
        {"312f", &pal, 12.48},
        {"-312f", &pal, 0},
        {"25%", &pal, 3.12},
        {"-100%", &pal, 0},
        {"1f", &ntsc, 1001 / 30000.0},
        {"01:00:01:05", &pal, 30 / 25.0},
        {"01:00:00;00", &ntsc, 60 * 1001 / 30000.0},
        {"01:00:00:00", &ntsc, 60 * 1001 / 30000.0},
        {"00:00:05:00", &midnight, 10},
        {"3s", &unknown, 3},
        {"100f", &endless, 4},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct position p;
        double seconds = -1;
        char *why = NULL;
        g_test_message("%s", rows[i].text);
        g_assert_true(position_parse(rows[i].text, &p));
        g_assert_true(position_resolve(&p, rows[i].in->duration_s, rows[i].in->fps,
                                       rows[i].in->start, &seconds, &why));
        g_assert_null(why);
        g_assert_cmpfloat_with_epsilon(seconds, rows[i].seconds, 1e-12);
    }
}

static void what_can_not_be_found_says_why(void)
{
    const struct {
        const char *text;
        const struct programme *in;
        const char *why;
    } rows[] = {
        {"13s", &pal, "it lies after the end of the source, which is 12.48s long"},
        {"313f", &pal, "it lies after the end of the source, which is 12.48s long"},
        {"-13s", &pal, "it lies before the start of the source, which is 12.48s long"},
        {"-313f", &pal, "it lies before the start of the source, which is 12.48s long"},
        {"101%", &pal, "it lies after the end of the source, which is 12.48s long"},
        {"00:59:59:24", &pal, "it lies before the start of the source, which is 12.48s long"},
        {"01:00:00;05", &pal, "no frame has that timecode at 25 frames per second"},
        {"01:00:00:25", &pal, "no frame has that timecode at 25 frames per second"},
        {"01:01:00;00", &ntsc,
         "no frame has that timecode at 30000/1001 frames per second, drop-frame"},
        {"25%", &unknown, "the duration of the source isn't known"},
        {"-1s", &unknown, "the duration of the source isn't known"},
        {"1f", &unknown, "the source has no frame rate: write a time, as 2s"},
        {"00:00:00:00", &endless, "the source has no start timecode"},
        {"", &pal, "no position is given"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct position p;
        double seconds;
        g_autofree char *why = NULL;
        g_test_message("%s", rows[i].text);
        g_assert_true(position_parse(rows[i].text, &p));
        g_assert_false(position_resolve(&p, rows[i].in->duration_s, rows[i].in->fps,
                                        rows[i].in->start, &seconds, &why));
        g_assert_cmpstr(why, ==, rows[i].why);
    }
}

static void every_frame_lies_exactly_at_its_time(void)
{
    const struct rational rate = {24000, 1001};
    for (int n = 0; n < 5000; n++) {
        g_autofree char *text = g_strdup_printf("%df", n);
        struct position p;
        double seconds;
        g_assert_true(position_parse(text, &p));
        g_assert_true(position_resolve(&p, 0, rate, NULL, &seconds, NULL));
        g_assert_cmpfloat(seconds, ==, n * 1001.0 / 24000.0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/position/positions_are_read_and_read_back_the_same",
                    positions_are_read_and_read_back_the_same);
    g_test_add_func("/position/what_is_not_a_position_is_refused",
                    what_is_not_a_position_is_refused);
    g_test_add_func("/position/positions_are_found", positions_are_found);
    g_test_add_func("/position/what_can_not_be_found_says_why", what_can_not_be_found_says_why);
    g_test_add_func("/position/every_frame_lies_exactly_at_its_time",
                    every_frame_lies_exactly_at_its_time);
    return g_test_run();
}
