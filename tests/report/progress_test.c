/* SPDX-License-Identifier: GPL-3.0-or-later
 * The progress display, on a pipe and on a pseudo-terminal. */
#include "report/progress.h"

#include "progress_lines.h"

#include <fcntl.h>
#include <math.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct progress_totals totals = {50, 13, 1, 0.431, 723, HOLD_NONE};
static const char odd_name[] = "clips/web a\033[2J\n\xff.mov";

static struct event progress_of(int task, double fraction)
{
    return (struct event){EVENT_TASK_PROGRESS, .time_us = 1795298400250000,
                          .task = task,        .attempt = 1,
                          .output = -1,        .progress = {fraction, 134, 118.26, 4.73, "encode"}};
}

static struct event failed_output(void)
{
    return (struct event){EVENT_OUTPUT_ENDED,
                          .time_us = 1795298400250000,
                          .task = -1,
                          .output = 3,
                          .failure = {FAIL_INPUT_DAMAGED, (char *)"it ends early"},
                          .status = OUTPUT_FAILED};
}

static char *read_all(int fd)
{
    GString *text = g_string_new(NULL);
    char block[4096];
    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (ssize_t length; (length = read(fd, block, sizeof block)) > 0;)
        g_string_append_len(text, block, length);
    return g_string_free(text, FALSE);
}

static unsigned count(const char *text, const char *what)
{
    unsigned found = 0;
    while ((text = strstr(text, what))) {
        text += strlen(what);
        found++;
    }
    return found;
}

/* ------------------------------------------------------------------ lines */

static void task_line_fits_any_width(void)
{
    struct progress progress = progress_of(1, 0.436).progress;
    for (int columns = 1; columns < 200; columns++) {
        g_autofree char *line = task_line("clips/web 夜の撮影/A001_C004.mov", &progress, columns);
        g_assert_cmpint(text_cells(line), <=, columns);
        g_autofree char *total = total_line(&totals, columns);
        g_assert_cmpint(text_cells(total), <=, columns);
    }
    g_autofree char *line = task_line("clips/web A001.mov", &progress, 80);
    g_assert_cmpstr(
        line, ==,
        "clips/web A001.mov                  encode  [=====>      ]  43%   118 fps   4.7x");
    g_autofree char *total = total_line(&totals, 80);
    g_assert_cmpstr(total, ==, "[=====>      ] 12 of 50 done, 1 failed, 37 left, 43%, ETA 0:12:03");
}

static void a_held_run_is_told_from_a_slow_one(void)
{
    struct progress_totals held = totals;
    held.hold = HOLD_DISK;
    held.eta_s = NAN;
    g_autofree char *total = total_line(&held, 60);
    g_assert_cmpstr(total, ==, "12 of 50 done, 1 failed, 37 left, 43%, paused: low disk");
    struct event event = {EVENT_RUN_HELD, .task = -1, .output = -1, .hold = HOLD_DISK,
                          .text = "paused: needs 3.2 GB, 1.1 GB free"};
    g_autofree char *line = event_line(&event, NULL);
    g_assert_cmpstr(line, ==, "paused: needs 3.2 GB, 1.1 GB free");
}

static void unknown_progress_is_no_number(void)
{
    const struct progress unknown = {NAN, 0, NAN, 0, ""};
    const struct progress_totals early = {50, 0, 0, NAN, NAN, HOLD_NONE};
    g_autofree char *line = task_line("a", &unknown, 80);
    g_autofree char *total = total_line(&early, 80);
    g_assert_null(strstr(line, "nan"));
    g_assert_null(strstr(total, "nan"));
    g_assert_null(strstr(total, "ETA"));
}

static void running_task_never_shows_100_percent(void)
{
    const struct progress progress = {1.0, 10, 25, 1, "encode"};
    g_autofree char *line = task_line("a", &progress, 60);
    g_assert_nonnull(strstr(line, " 99%"));
}

/* ------------------------------------------------------------------ pipe */

static char *on_pipe(enum progress_mode mode, void (*play)(struct display *))
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    struct display *display = display_create(mode, ends[1]);
    play(display);
    display_destroy(display);
    close(ends[1]);
    char *text = read_all(ends[0]);
    close(ends[0]);
    return text;
}

static void play_all(struct display *display)
{
    struct event event = {EVENT_TASK_STARTED, .time_us = 1795298400250000, .task = 7, .attempt = 1,
                          .output = -1};
    display_event(display, &event, odd_name, &totals);
    for (int i = 0; i < 1000; i++) {
        event = progress_of(7, i / 1000.0);
        display_event(display, &event, odd_name, &totals);
    }
    event = (struct event){EVENT_TASK_RETRIED, .task = 7, .attempt = 1, .output = -1,
                           .failure = {FAIL_CRASH, (char *)"signal 11"}};
    display_event(display, &event, odd_name, &totals);
    event = failed_output();
    display_event(display, &event, odd_name, &totals);
    display_message(display, "disk is\n\033[1mnearly full");
}

static void plain_is_a_line_for_what_ended(void)
{
    g_autofree char *text = on_pipe(PROGRESS_AUTO, play_all);
    g_assert_cmpstr(text, ==,
                    "[13/50] trying again (crash): clips/web a\\x1b[2J\\x0a\\xff.mov: signal 11\n"
                    "[13/50] failed (input_damaged): clips/web a\\x1b[2J\\x0a\\xff.mov: "
                    "it ends early\n"
                    "disk is\n"
                    "\\x1b[1mnearly full\n");
}

static void json_is_one_object_a_line(void)
{
    g_autofree char *text = on_pipe(PROGRESS_JSON, play_all);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    /* started, the first progress, retried, ended, message, and what follows the last line feed */
    g_assert_cmpuint(g_strv_length(lines), ==, 6);
    for (int i = 0; i < 5; i++) {
        g_autoptr(JsonNode) node = json_from_string(lines[i], NULL);
        g_assert_true(node && JSON_NODE_HOLDS_OBJECT(node));
    }
    struct event event = progress_of(7, 0.436);
    g_autoptr(JsonNode) node = event_json(&event, "clips/web A001.mov", &totals);
    g_autofree char *line = json_to_string(node, false);
    g_assert_nonnull(strstr(line, "\"time\":\"2026-11-21T22:00:00.250000Z\""));
    g_assert_nonnull(strstr(lines[1], "\"percent\":0,\"frames\":134,\"fps\":118.3,\"speed\":4.73"));
    g_assert_nonnull(
        strstr(lines[3], "\"status\":\"failed\",\"error\":{\"class\":\"input_damaged\""));
}

static void none_shows_messages_only(void)
{
    g_autofree char *text = on_pipe(PROGRESS_NONE, play_all);
    g_assert_cmpstr(text, ==, "disk is\n\\x1b[1mnearly full\n");
}

static void closed_pipe_does_not_stop_a_run(void)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    close(ends[0]);
    struct display *display = display_create(PROGRESS_PLAIN, ends[1]);
    play_all(display);
    display_destroy(display);
    close(ends[1]);
}

/* ------------------------------------------------------------------ terminal */

struct terminal {
    int master, slave;
};

static struct terminal terminal_open(unsigned short columns, unsigned short rows)
{
    struct terminal terminal;
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    g_assert_cmpint(openpty(&terminal.master, &terminal.slave, NULL, NULL, &size), ==, 0);
    g_setenv("TERM", "xterm", TRUE);
    g_unsetenv("NO_COLOR");
    return terminal;
}

static char *terminal_close(struct terminal terminal)
{
    char *text = read_all(terminal.master);
    close(terminal.slave);
    close(terminal.master);
    return text;
}

static void terminal_is_redrawn_at_most_ten_times_a_second(void)
{
    struct terminal terminal = terminal_open(80, 24);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    int64_t start_us = g_get_monotonic_time();
    for (int i = 0; i < 2000; i++) {
        struct event event = progress_of(i % 4, 0.5);
        display_event(display, &event, "clips/web A001.mov", &totals);
        if (i % 4 == 0)
            g_usleep(500);
    }
    double seconds = (double)(g_get_monotonic_time() - start_us) / 1e6;
    g_autofree char *text = terminal_close(terminal);
    display_destroy(display);
    g_assert_cmpuint(count(text, "12 of 50 done"), <=, (unsigned)(seconds * 10) + 1);
    g_assert_cmpuint(count(text, "12 of 50 done"), >=, 2);
}

static void lines_stay_within_a_small_terminal(void)
{
    struct terminal terminal = terminal_open(50, 8);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    for (int i = 0; i < 64; i++) {
        struct event event = {EVENT_TASK_STARTED, .task = i, .attempt = 1, .output = -1};
        display_event(display, &event, odd_name, &totals);
    }
    g_usleep(110000);
    struct event tick = {EVENT_TASK_PROGRESS, .task = -1, .output = -1};
    display_event(display, &tick, NULL, &totals);
    g_autofree char *text = terminal_close(terminal);
    display_destroy(display);
    const char *last = strstr(text, "\r\033[1A");
    g_assert_nonnull(last);
    g_assert_cmpuint(count(last, "\n"), ==, 5); /* 4 tasks, "more", the total: six lines */
    g_assert_nonnull(strstr(last, "... and 60 more"));
    g_assert_null(strstr(text, "\033[2J"));
}

static void lines_are_cleared_at_the_end(void)
{
    struct terminal terminal = terminal_open(80, 24);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    struct event event = progress_of(1, 0.5);
    display_event(display, &event, "a", &totals);
    display_destroy(display);
    g_autofree char *text = terminal_close(terminal);
    g_assert_true(g_str_has_suffix(text, "\r\033[1A\033[J"));
}

static void failures_stay_on_the_terminal(void)
{
    struct terminal terminal = terminal_open(80, 24);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    struct event event = failed_output();
    display_event(display, &event, "clips/web A002.mov", &totals);
    g_autofree char *text = terminal_close(terminal);
    display_destroy(display);
    g_assert_nonnull(strstr(
        text,
        "\033[31mfailed (input_damaged): clips/web A002.mov: it ends early\033[0m\033[K\r\n"));
}

static void no_color_means_none(void)
{
    struct terminal terminal = terminal_open(80, 24);
    g_setenv("NO_COLOR", "1", TRUE);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    struct event event = failed_output();
    display_event(display, &event, "a", &totals);
    g_autofree char *text = terminal_close(terminal);
    display_destroy(display);
    g_assert_null(strstr(text, "\033[31m"));
    g_assert_null(strstr(text, "\033[1m"));
}

static void dumb_terminal_gets_plain_lines(void)
{
    struct terminal terminal = terminal_open(80, 24);
    g_setenv("TERM", "dumb", TRUE);
    struct display *display = display_create(PROGRESS_AUTO, terminal.slave);
    struct event event = failed_output();
    display_event(display, &event, "a", &totals);
    g_autofree char *text = terminal_close(terminal);
    display_destroy(display);
    g_assert_cmpstr(text, ==, "[13/50] failed (input_damaged): a: it ends early\r\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
#define TEST(name) g_test_add_func("/progress/" #name, name)
    TEST(task_line_fits_any_width);
    TEST(a_held_run_is_told_from_a_slow_one);
    TEST(unknown_progress_is_no_number);
    TEST(running_task_never_shows_100_percent);
    TEST(plain_is_a_line_for_what_ended);
    TEST(json_is_one_object_a_line);
    TEST(none_shows_messages_only);
    TEST(closed_pipe_does_not_stop_a_run);
    TEST(terminal_is_redrawn_at_most_ten_times_a_second);
    TEST(lines_stay_within_a_small_terminal);
    TEST(lines_are_cleared_at_the_end);
    TEST(failures_stay_on_the_terminal);
    TEST(no_color_means_none);
    TEST(dumb_terminal_gets_plain_lines);
    return g_test_run();
}
