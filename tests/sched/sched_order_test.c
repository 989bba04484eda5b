/* SPDX-License-Identifier: GPL-3.0-or-later
 * When tasks start, how wide, and when they are stopped: without a process and without a sleep. */
#include "world.h"

#include <math.h>
#include <string.h>
#include <time.h>

static void renders(struct world *w, unsigned count, bool verify)
{
    world_open(w);
    for (unsigned i = 0; i < count; i++)
        fake_render(w->plan, 5, 1, verify);
}

static void a_retry_after_a_crash_runs_alone(void)
{
    struct world w;
    renders(&w, 5, false);
    world_engine(&w);
    fake_act(w.fake, 0, (struct act){.fails = FAIL_CRASH, .seconds = 1});
    fake_act(w.fake, 0, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1, .cores = 4});
    g_assert_true(g_str_has_suffix(w.fake->log->str, "start 4 x1\nstart 0 x1\n"));
    g_assert_cmpint(w.fake->now_us, ==, 11000000);
    world_close(&w);
}

static void an_attempt_that_takes_too_long_is_killed(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 500, 1, false);
    world_engine(&w);
    fake_act(w.fake, render, (struct act){.speaks_s = 1});
    world_run(&w, (struct sched_params){.retries = 0, .timeout_s = 30});
    check_has(w.events, "task 0 failed timeout\n");
    g_assert_cmpint(w.fake->now_us, <=, 31000000);
    world_close(&w);
}

static void an_attempt_that_stops_moving_is_killed(void)
{
    for (int repeats = 0; repeats < 2; repeats++) {
        struct world w;
        world_open(&w);
        int bad = fake_render(w.plan, 5, 1, false), slow = fake_render(w.plan, 500, 1, false);
        world_engine(&w);
        fake_act(w.fake, bad,
                 (struct act){.hangs = true, .speaks_s = repeats, .repeats_itself = true});
        fake_act(w.fake, slow, (struct act){.speaks_s = 20});
        world_run(&w, (struct sched_params){.retries = 0, .stall_s = 60});
        check_has(w.fake->log->str, "kill 0\n");
        check_hasnt(w.fake->log->str, "kill 1\n");
        check_has(w.events, "output 0 failed\n");
        check_has(w.events, "output 1 done\n");
        world_close(&w);
    }
}

/* It moves every 90 s, which is slow, and three want each core. */
static void a_busy_machine_gives_as_much_more_time(void)
{
    for (int busy = 0; busy < 2; busy++) {
        struct world w;
        world_open(&w);
        int slow = fake_render(w.plan, 500, 1, false);
        world_engine(&w);
        w.fake->load = busy ? 3 : 0.5;
        fake_act(w.fake, slow, (struct act){.speaks_s = 90});
        world_run(&w, (struct sched_params){.retries = 0, .stall_s = 60});
        if (busy)
            check_has(w.events, "output 0 done\n");
        else
            check_has(w.events, "output 0 failed\n");
        world_close(&w);
    }
}

static void the_longest_branch_starts_first(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 3, 1, false);
    int measure = fake_task(w.plan, TASK_MEASURE, 1);
    int render = fake_render(w.plan, 9, 1, false);
    fake_need(w.plan, render, measure);
    fake_render(w.plan, 7, 1, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 1});
    g_assert_cmpstr(w.fake->log->str, ==, "start 1 x1\nstart 2 x1\nstart 3 x1\nstart 0 x1\n");
    world_close(&w);
}

static void what_is_rendered_is_verified_before_more_is_rendered(void)
{
    struct world w;
    renders(&w, 2, true);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 1});
    g_assert_cmpstr(w.fake->log->str, ==, "start 0 x1\nstart 1 x1\nstart 2 x1\nstart 3 x1\n");
    world_close(&w);
}

static void many_tasks_get_one_thread_each(void)
{
    struct world w;
    renders(&w, 8, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8});
    g_assert_cmpuint(count_of(w.fake->log->str, " x1\n"), ==, 8);
    world_close(&w);
}

static void the_last_tasks_share_all_cores(void)
{
    struct world w;
    renders(&w, 3, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8});
    g_assert_cmpstr(w.fake->log->str, ==, "start 0 x3\nstart 1 x3\nstart 2 x2\n");
    world_close(&w);
}

static void a_task_gets_no_more_threads_than_it_can_use(void)
{
    struct world w;
    renders(&w, 2, false);
    world_task(&w, 0)->threads_most = 2;
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8});
    g_assert_cmpstr(w.fake->log->str, ==, "start 0 x2\nstart 1 x6\n");
    world_close(&w);
}

static void only_as_many_as_there_are_cores_are_the_tail(void)
{
    struct world w;
    renders(&w, 4, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 2});
    for (int i = 0; i < 4; i++)
        g_assert_cmpint(world_task(&w, i)->task->tail, ==, i >= 2);
    world_close(&w);
}

static void what_others_cannot_use_goes_to_the_first(void)
{
    struct world w;
    renders(&w, 2, false);
    world_task(&w, 1)->threads_most = 1;
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8});
    g_assert_cmpstr(w.fake->log->str, ==, "start 0 x7\nstart 1 x1\n");
    world_close(&w);
}

/* The order in which five single renders start on one core. */
static void check_order(const int *priorities, const int64_t *deadlines_us, const char *order)
{
    struct world w;
    renders(&w, 5, false);
    for (int i = 0; i < 5; i++) {
        world_task(&w, i)->priority = priorities[i];
        world_task(&w, i)->deadline_us = deadlines_us[i];
        world_task(&w, i)->seconds = 5 + i;
    }
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 1});
    GString *started = g_string_new(NULL);
    for (const char *at = w.fake->log->str; *at; at = strchr(at, '\n') + 1)
        g_string_append_c(started, at[strlen("start ")]);
    g_assert_cmpstr(started->str, ==, order);
    g_string_free(started, TRUE);
    world_close(&w);
}

static void a_higher_priority_starts_first(void)
{
    check_order((int[]){0, -3, 10, 0, -10}, (int64_t[5]){0}, "23014");
}

static void an_earlier_deadline_starts_first(void)
{
    check_order((int[5]){0}, (int64_t[]){900, 0, 800, 0, 900}, "24031");
}

static void priority_goes_before_deadline(void)
{
    check_order((int[]){1, 0, 0, 1, 0}, (int64_t[]){0, 5, 6, 0, 7}, "30124");
}

static void a_retry_after_memory_ran_out_runs_alone(void)
{
    struct world w;
    renders(&w, 5, false);
    world_engine(&w);
    fake_act(w.fake, 1, (struct act){.fails = FAIL_MEMORY, .seconds = 1});
    fake_act(w.fake, 1, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1, .cores = 4});
    g_assert_true(g_str_has_suffix(w.fake->log->str, "start 4 x1\nstart 1 x1\n"));
    check_has(w.events, "output 1 done\n");
    world_close(&w);
}

/* It moved every 30 s: two minutes of silence are nothing. */
static void what_moves_slowly_is_given_more_time(void)
{
    struct world w;
    renders(&w, 1, false);
    world_engine(&w);
    fake_act(w.fake, 0, (struct act){.hangs = true, .speaks_s = 30, .speaks_most = 4});
    world_run(&w, (struct sched_params){.retries = 0});
    check_has(w.events, "task 0 failed timeout\n");
    g_assert_cmpint(w.fake->now_us / 1000000, ==, 4 * 30 + 20 * 30);
    world_close(&w);
}

/* It is one step: there is nothing to measure it by but the prediction. */
static void a_slow_still_is_given_more_time(void)
{
    struct world w;
    renders(&w, 1, false);
    world_task(&w, 0)->seconds = 40;
    world_task(&w, 0)->task->media = KIND_IMAGE;
    world_engine(&w);
    fake_act(w.fake, 0, (struct act){.hangs = true});
    world_run(&w, (struct sched_params){.retries = 0});
    g_assert_cmpint(w.fake->now_us / 1000000, ==, 20 * 40);
    world_close(&w);
}

static void nothing_is_added_while_the_machine_thrashes(void)
{
    for (int thrashes = 0; thrashes < 2; thrashes++) {
        struct world w;
        renders(&w, 6, false);
        world_engine(&w);
        w.fake->stalled = thrashes ? 10.5 : 9.5;
        world_run(&w, (struct sched_params){.cores = 4});
        g_assert_cmpuint(w.fake->running_most, ==, thrashes ? 1 : 4);
        g_assert_cmpuint(count_of(w.events, "done\n"), ==, 6);
        world_close(&w);
    }
}

static void no_more_jobs_than_asked_run_at_once(void)
{
    struct world w;
    renders(&w, 6, true);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8, .jobs = 2});
    g_assert_cmpuint(w.fake->running_most, ==, 2);
    check_has(w.fake->log->str, "start 0 x4\n");
    world_close(&w);
}

static unsigned most_at_once(double seconds, int jobs)
{
    struct world w;
    world_open(&w);
    for (unsigned i = 0; i < 20; i++)
        fake_render(w.plan, seconds, 1, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 4, .jobs = jobs});
    unsigned most = w.fake->running_most;
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 20);
    world_close(&w);
    return most;
}

static void one_more_brief_task_is_underway_than_there_are_cores(void)
{
    g_assert_cmpuint(most_at_once(0.1, 0), ==, 5);
    g_assert_cmpuint(most_at_once(0.11, 0), ==, 4);
    g_assert_cmpuint(most_at_once(0.1, 4), ==, 4);
}

static void memory_is_not_promised_twice(void)
{
    struct world w;
    renders(&w, 13, false);
    for (int i = 0; i < 12; i++)
        world_task(&w, i)->memory_bytes = i % 3 ? 1e9 : 3e9;
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8, .memory_bytes = 4e9});
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 13);
    g_assert_cmpfloat(w.fake->memory_most, <=, 4e9);
    g_assert_cmpuint(w.fake->running_most, >=, 2);
    world_close(&w);
}

static void a_task_bigger_than_memory_runs_by_itself(void)
{
    struct world w;
    renders(&w, 3, false);
    world_task(&w, 1)->memory_bytes = 9e9;
    world_task(&w, 2)->memory_bytes = 1;
    world_engine(&w);
    world_run(&w, (struct sched_params){.cores = 8, .memory_bytes = 4e9});
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 3);
    g_assert_cmpfloat(w.fake->memory_most, ==, 9e9);
    world_close(&w);
}

static void fail_fast_ends_what_runs_and_starts_nothing(void)
{
    struct world w;
    renders(&w, 3, true);
    world_engine(&w);
    fake_act(w.fake, 0, (struct act){.fails = FAIL_CONFIG, .seconds = 1});
    world_run(&w, (struct sched_params){.retries = -1, .fail_fast = true});
    check_has(w.events, "output 0 failed\n");
    check_has(w.events, "output 1 done\n");
    check_has(w.events, "output 2 cancelled\n");
    world_close(&w);
}

static void fail_fast_starts_nothing_when_the_plan_has_failed(void)
{
    struct world w;
    renders(&w, 2, true);
    struct plan_output *refused = fake_output(w.plan, 0);
    refused->blocked = true;
    refused->render = refused->verify = -1;
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1, .fail_fast = true});
    check_has(w.events, "output 1 cancelled\n");
    check_hasnt(w.fake->log->str, "start");
    world_close(&w);
}

/* Runs until nothing more can start, then interrupts so often. */
static void interrupt(struct world *w, unsigned times)
{
    struct event event;
    w->sched = fake_sched(w->fake, (struct sched_params){.retries = -1});
    while (sched_next(w->sched, 1000, &event) && event.task >= 0)
        ;
    for (unsigned i = 0; i < times; i++)
        sched_interrupt(w->sched);
    w->events = fake_run(w->sched);
}

static void the_first_interrupt_drains(void)
{
    struct world w;
    renders(&w, 4, true);
    world_engine(&w);
    interrupt(&w, 1);
    check_has(w.events, "output 0 done\n");
    check_has(w.events, "output 1 done\n");
    check_has(w.events, "output 2 cancelled\n");
    check_has(w.events, "output 3 cancelled\n");
    check_hasnt(w.fake->log->str, "kill");
    world_close(&w);
}

static void the_second_interrupt_kills(void)
{
    struct world w;
    renders(&w, 4, true);
    world_engine(&w);
    interrupt(&w, 2);
    g_assert_cmpuint(count_of(w.events, "cancelled\n"), ==, 8 + 4);
    g_assert_cmpuint(count_of(w.fake->log->str, "kill"), ==, 2);
    g_assert_cmpint(w.fake->now_us, <, 10000);
    world_close(&w);
}

/* Every task takes twice as long as predicted. */
static void an_eta_is_given_when_it_can_be_known(void)
{
    struct world w;
    struct sched_totals totals;
    renders(&w, 10, false);
    world_engine(&w);
    for (int i = 0; i < 10; i++)
        fake_act(w.fake, i, (struct act){.seconds = 10});
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .cores = 1});
    sched_totals(w.sched, &totals);
    g_assert_true(isnan(totals.eta_s));
    unsigned ended = 0;
    for (struct event event; ended < 4 && sched_next(w.sched, 60000000, &event);) {
        ended += event.kind == EVENT_OUTPUT_ENDED;
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
    }
    sched_totals(w.sched, &totals);
    g_assert_cmpfloat_with_epsilon(totals.eta_s, 60, 0.5);
    g_assert_cmpfloat_with_epsilon(totals.predicted_s, 100, 0.5);
    world_close(&w);
}

static void what_failed_at_once_is_no_work_done(void)
{
    struct world w;
    struct sched_totals totals;
    renders(&w, 10, false);
    world_engine(&w);
    for (int i = 0; i < 10; i++)
        fake_act(w.fake, i,
                 i < 5 ? (struct act){.seconds = 0.01, .fails = FAIL_UNSUPPORTED}
                       : (struct act){.seconds = 5});
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .cores = 1});
    unsigned ended = 0;
    for (struct event event; ended < 6 && sched_next(w.sched, 60000000, &event);) {
        ended += event.kind == EVENT_OUTPUT_ENDED;
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
    }
    sched_totals(w.sched, &totals);
    g_assert_cmpfloat_with_epsilon(totals.eta_s, 4 * 5, 0.5);
    world_close(&w);
}

static void ten_thousand_tasks_are_quick(void)
{
    struct world w;
    world_open(&w);
    for (int i = 0; i < 5000; i++)
        fake_render(w.plan, 1 + i % 97, 1, true);
    world_engine(&w);
    clock_t start = clock(); /* of this process: others may keep the machine busy */
    world_run(&w, (struct sched_params){.retries = -1, .cores = 8});
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 5000);
    g_test_message("10,000 tasks in %.3f s", seconds);
    world_close(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_retry_after_a_crash_runs_alone);
    TEST(an_attempt_that_takes_too_long_is_killed);
    TEST(an_attempt_that_stops_moving_is_killed);
    TEST(a_busy_machine_gives_as_much_more_time);
    TEST(the_longest_branch_starts_first);
    TEST(what_is_rendered_is_verified_before_more_is_rendered);
    TEST(many_tasks_get_one_thread_each);
    TEST(the_last_tasks_share_all_cores);
    TEST(only_as_many_as_there_are_cores_are_the_tail);
    TEST(a_task_gets_no_more_threads_than_it_can_use);
    TEST(what_others_cannot_use_goes_to_the_first);
    TEST(a_higher_priority_starts_first);
    TEST(an_earlier_deadline_starts_first);
    TEST(priority_goes_before_deadline);
    TEST(a_retry_after_memory_ran_out_runs_alone);
    TEST(what_moves_slowly_is_given_more_time);
    TEST(a_slow_still_is_given_more_time);
    TEST(nothing_is_added_while_the_machine_thrashes);
    TEST(no_more_jobs_than_asked_run_at_once);
    TEST(one_more_brief_task_is_underway_than_there_are_cores);
    TEST(memory_is_not_promised_twice);
    TEST(a_task_bigger_than_memory_runs_by_itself);
    TEST(fail_fast_ends_what_runs_and_starts_nothing);
    TEST(fail_fast_starts_nothing_when_the_plan_has_failed);
    TEST(the_first_interrupt_drains);
    TEST(the_second_interrupt_kills);
    TEST(an_eta_is_given_when_it_can_be_known);
    TEST(what_failed_at_once_is_no_work_done);
    TEST(ten_thousand_tasks_are_quick);
    return g_test_run();
}
