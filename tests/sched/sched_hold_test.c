/* SPDX-License-Identifier: GPL-3.0-or-later
 * A run that is paused, or outside its window, without a wait. */
#include "world.h"

#include <math.h>

static const int64_t hour_us = (int64_t)3600 * G_USEC_PER_SEC;

static void renders(struct world *w, unsigned count, double seconds)
{
    world_open(w);
    for (unsigned i = 0; i < count; i++)
        fake_render(w->plan, seconds, 1, true);
    world_engine(w);
}

/* Pauses at the first start and goes on an hour later: only what is rendered is verified. */
static void a_paused_run_ends_what_runs_and_starts_no_render(void)
{
    struct world w;
    renders(&w, 3, 5);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .cores = 1});
    unsigned held = 0, continued = 0, published = 0, published_held = 0;
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_TASK_STARTED && event.task == 0)
            sched_pause(w.sched, true);
        published += event.kind == EVENT_OUTPUT_READY;
        if (w.fake->now_us < hour_us)
            published_held = published;
        if (event.kind == EVENT_RUN_HELD) {
            held++;
            g_assert_cmpint(event.hold, ==, HOLD_PAUSED);
            check_has(event.text, "paused");
        }
        continued += event.kind == EVENT_RUN_CONTINUED;
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        if (w.fake->now_us < hour_us)
            g_assert_cmpuint(count_of(w.fake->log->str, "start"), <=, 2);
        else
            sched_pause(w.sched, false);
    }
    g_assert_cmpuint(held, ==, 1);
    g_assert_cmpuint(continued, ==, 1);
    g_assert_cmpuint(published_held, ==, 1);
    g_assert_cmpuint(count_of(w.fake->log->str, "start"), ==, 6);
    world_close(&w);
}

static void time_that_was_held_is_not_in_the_eta(void)
{
    struct world w;
    struct sched_totals totals;
    renders(&w, 20, 10);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .cores = 1});
    unsigned ended = 0;
    for (struct event event; ended < 10 && sched_next(w.sched, 1000000, &event);) {
        ended += event.kind == EVENT_OUTPUT_ENDED;
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        bool pauses = ended == 5 && w.fake->now_us < hour_us;
        sched_pause(w.sched, pauses);
        sched_totals(w.sched, &totals);
        g_assert_true(!totals.hold || isnan(totals.eta_s));
    }
    sched_totals(w.sched, &totals);
    g_assert_cmpfloat(totals.eta_s, <, 10 * 11 + 20);
    world_close(&w);
}

static void an_interrupt_ends_a_paused_run(void)
{
    struct world w;
    renders(&w, 3, 5);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .cores = 1});
    GString *text = g_string_new(NULL);
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_TASK_STARTED && event.task == 0)
            sched_pause(w.sched, true);
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        if (event.kind == EVENT_OUTPUT_ENDED)
            g_string_append_printf(text, "%s ", output_status_name(event.status));
        if (w.fake->now_us >= hour_us && w.fake->now_us < 2 * hour_us) {
            sched_interrupt(w.sched);
            w.fake->now_us = 2 * hour_us;
        }
    }
    g_assert_cmpuint(count_of(text->str, "cancelled"), ==, 2);
    g_assert_cmpuint(count_of(text->str, "done"), ==, 1); /* it was rendered: verified it is */
    g_string_free(text, TRUE);
    world_close(&w);
}

static int64_t at(const char *utc)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(utc, NULL);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static struct window window_of(const char *text)
{
    struct window window;
    g_assert_true(window_parse(text, &window));
    return window;
}

static void renders_start_inside_the_window_only(void)
{
    struct world w;
    renders(&w, 2, 3 * 3600);
    w.fake->wall_us = at("2026-01-10T12:00:00Z");
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1,
                                                       .cores = 1,
                                                       .timeout_s = 1e6,
                                                       .stall_s = 1e6,
                                                       .window = window_of("20:00-22:00")});
    GString *text = g_string_new(NULL);
    for (struct event event; sched_next(w.sched, 60000000, &event);) {
        g_autofree char *time = moment_text(event.time_us);
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        if (event.kind == EVENT_TASK_STARTED || event.kind == EVENT_TASK_FINISHED)
            g_string_append_printf(text, "%s task %d %s\n", time, event.task,
                                   event.kind == EVENT_TASK_STARTED ? "starts" : "ends");
        if (event.kind == EVENT_RUN_HELD)
            g_string_append_printf(text, "%s %s\n", time, event.text);
    }
    g_assert_cmpstr(
        text->str, ==,
        "2026-01-10 12:00 waiting for the window 20:00-22:00, which opens at 2026-01-10 20:00\n"
        "2026-01-10 20:00 task 0 starts\n"
        "2026-01-10 22:00 waiting for the window 20:00-22:00, which opens at 2026-01-11 20:00\n"
        "2026-01-10 23:00 task 0 ends\n"
        "2026-01-10 23:00 task 1 starts\n"
        "2026-01-10 23:00 task 1 ends\n"
        "2026-01-11 20:00 task 2 starts\n"
        "2026-01-11 22:00 waiting for the window 20:00-22:00, which opens at 2026-01-12 20:00\n"
        "2026-01-11 23:00 task 2 ends\n"
        "2026-01-11 23:00 task 3 starts\n"
        "2026-01-11 23:00 task 3 ends\n");
    g_string_free(text, TRUE);
    world_close(&w);
}

static void nothing_is_said_when_nothing_is_left_to_start(void)
{
    struct world w;
    renders(&w, 1, 5);
    w.fake->wall_us = at("2026-01-10T20:00:00Z");
    fake_act(w.fake, 1, (struct act){.seconds = 3 * 3600, .speaks_s = 10});
    world_run(&w, (struct sched_params){.retries = -1, .window = window_of("20:00-22:00")});
    g_assert_cmpstr(w.events, ==, "output 0 done\n");
    world_close(&w);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC0", TRUE);
    g_test_init(&argc, &argv, NULL);
    TEST(a_paused_run_ends_what_runs_and_starts_no_render);
    TEST(time_that_was_held_is_not_in_the_eta);
    TEST(an_interrupt_ends_a_paused_run);
    TEST(renders_start_inside_the_window_only);
    TEST(nothing_is_said_when_nothing_is_left_to_start);
    return g_test_run();
}
