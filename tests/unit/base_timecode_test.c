/* SPDX-License-Identifier: GPL-3.0-or-later
 * Timecode. The counts are those of SMPTE ST 12-1: an hour of 29.97 drop-frame is 107,892 frames,
 * a day 2,589,408. */
#include "base/timecode.h"

#include <glib.h>

static const struct rational ntsc30 = {30000, 1001}, ntsc60 = {60000, 1001}, pal = {25, 1};

static int64_t frame_of(const char *text, struct rational fps)
{
    struct timecode tc;
    g_assert_true(timecode_parse(text, fps, &tc));
    return tc.frame;
}

static void labels_count_the_frames_that_exist(void)
{
    g_assert_cmpint(frame_of("00:00:10:05", pal), ==, 255);
    g_assert_cmpint(frame_of("01:00:00:00", ntsc30), ==, 108000);
    g_assert_cmpint(frame_of("01:00:00;00", ntsc30), ==, 107892);
    g_assert_cmpint(frame_of("00:00:59;29", ntsc30), ==, 1799);
    g_assert_cmpint(frame_of("00:01:00;02", ntsc30), ==, 1800);
    g_assert_cmpint(frame_of("00:10:00;00", ntsc30), ==, 17982);
    g_assert_cmpint(frame_of("01:00:00;00", ntsc60), ==, 215784);
    g_assert_cmpint(frame_of("00:01:00;04", ntsc60), ==, 3600);
    g_assert_cmpint(frame_of("23:59:59;29", ntsc30), ==, 2589407);
    g_assert_cmpint(frame_of("00:00:01:00", (struct rational){24000, 1001}), ==, 24);
    g_assert_cmpint(frame_of("00:00:00:119", (struct rational){120, 1}), ==, 119);
    g_assert_cmpint(frame_of("00:00:01;00", (struct rational){2997, 100}), ==, 30);
}

static void labels_that_name_no_frame_are_refused(void)
{
    const struct {
        const char *text;
        struct rational fps;
    } bad[] = {
        {"00:00:00:25", {25, 1}},       {"00:00:00;00", {25, 1}},
        {"00:00:00;00", {30, 1}},       {"00:01:00;00", {30000, 1001}},
        {"00:01:00;01", {30000, 1001}}, {"00:01:00;03", {60000, 1001}},
        {"24:00:00:00", {25, 1}},       {"00:60:00:00", {25, 1}},
        {"00:00:60:00", {25, 1}},       {"0:00:00:00", {25, 1}},
        {"00:00:00", {25, 1}},          {"00:00:00:00 ", {25, 1}},
        {"00;00:00:00", {30000, 1001}}, {"00:00:00.00", {25, 1}},
        {"00:00:00:100", {0, 1}},       {"", {25, 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct timecode tc;
        g_test_message("%s", bad[i].text);
        g_assert_false(timecode_parse(bad[i].text, bad[i].fps, &tc));
    }
}

static void an_unknown_rate_accepts_the_form(void)
{
    struct timecode tc;
    g_assert_true(timecode_parse("10:20:30;99", (struct rational){0, 1}, &tc));
    g_assert_cmpint(tc.rate, ==, 0);
    g_assert_true(tc.drop);
}

static void check_text(struct timecode tc, const char *expected)
{
    g_autofree char *text = timecode_text(tc);
    g_assert_cmpstr(text, ==, expected);
}

static void more_than_100_frames_have_three_digits(void)
{
    check_text((struct timecode){125, 120, false}, "00:00:01:005");
    check_text((struct timecode){105, 100, false}, "00:00:01:05");
}

static void a_day_wraps_both_ways(void)
{
    check_text((struct timecode){2589408, 30, true}, "00:00:00;00");
    check_text((struct timecode){-1, 30, true}, "23:59:59;29");
    check_text((struct timecode){25 * 86400, 25, false}, "00:00:00:00");
    check_text((struct timecode){-1, 25, false}, "23:59:59:24");
}

static void trim_of_30_frames_crosses_the_hour_in_drop_frame(void)
{
    struct timecode tc;
    g_assert_true(timecode_parse("00:59:59;28", ntsc30, &tc));
    tc.frame += 30;
    check_text(tc, "01:00:00;28");
}

static void frames_of_a_day_read_back_the_same(void)
{
    const struct {
        struct rational fps;
        int rate;
        bool drop;
        int64_t day;
    } rows[] = {{{30000, 1001}, 30, true, 2589408},
                {{60000, 1001}, 60, true, 5178816},
                {{24000, 1001}, 24, false, 2073600}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (int64_t frame = 0; frame < rows[i].day; frame += frame % 18000 < 10 ? 1 : 7) {
            struct timecode tc = {frame, rows[i].rate, rows[i].drop};
            g_autofree char *text = timecode_text(tc);
            g_assert_cmpint(frame_of(text, rows[i].fps), ==, frame);
        }
    }
}

static void expect_at_rate(const char *before, struct rational from, struct rational to,
                           const char *after)
{
    struct timecode tc;
    g_assert_true(timecode_parse(before, from, &tc));
    g_autofree char *text = timecode_text(timecode_at_rate(tc, from, to));
    g_assert_cmpstr(text, ==, after);
}

/* An hour of 29.97 with drop frames is 107,892 frames, at 59.94 twice as many (SMPTE ST 12-1). */
static void another_rate_counts_the_same_moment(void)
{
    static const struct rational film = {24000, 1001}, pal50 = {50, 1};
    expect_at_rate("01:00:00;00", ntsc30, ntsc60, "01:00:00;00");
    expect_at_rate("00:09:59;29", ntsc30, ntsc60, "00:09:59;58");
    expect_at_rate("00:01:00;05", ntsc60, ntsc30, "00:01:00;02");
    expect_at_rate("10:00:00:12", pal, pal50, "10:00:00:24");
    expect_at_rate("10:00:00:24", pal50, pal, "10:00:00:12");
    expect_at_rate("10:00:00:12", film, ntsc30, "10:00:00:15");
    expect_at_rate("01:00:00;00", ntsc30, pal, "01:00:00:00"); /* 3599.996 s */
    expect_at_rate("23:59:59:48", pal50, pal, "23:59:59:24");
}

static void drop_frames_where_there_are_none_are_read_without(void)
{
    char text[16];
    g_assert_true(timecode_without_drop("10:00:00;12", pal, text));
    g_assert_cmpstr(text, ==, "10:00:00:12");
    g_assert_false(timecode_without_drop("10:00:00;12", ntsc30, text));
    g_assert_cmpstr(text, ==, "10:00:00;12");
    g_assert_false(timecode_without_drop("10:00:00;77", pal, text));
    g_assert_cmpstr(text, ==, "10:00:00;77");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timecode/labels_count_the_frames_that_exist",
                    labels_count_the_frames_that_exist);
    g_test_add_func("/timecode/labels_that_name_no_frame_are_refused",
                    labels_that_name_no_frame_are_refused);
    g_test_add_func("/timecode/an_unknown_rate_accepts_the_form", an_unknown_rate_accepts_the_form);
    g_test_add_func("/timecode/more_than_100_frames_have_three_digits",
                    more_than_100_frames_have_three_digits);
    g_test_add_func("/timecode/a_day_wraps_both_ways", a_day_wraps_both_ways);
    g_test_add_func("/timecode/trim_of_30_frames_crosses_the_hour_in_drop_frame",
                    trim_of_30_frames_crosses_the_hour_in_drop_frame);
    g_test_add_func("/timecode/frames_of_a_day_read_back_the_same",
                    frames_of_a_day_read_back_the_same);
    g_test_add_func("/timecode/another_rate_counts_the_same_moment",
                    another_rate_counts_the_same_moment);
    g_test_add_func("/timecode/drop_frames_where_there_are_none_are_read_without",
                    drop_frames_where_there_are_none_are_read_without);
    return g_test_run();
}
