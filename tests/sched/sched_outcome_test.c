/* SPDX-License-Identifier: GPL-3.0-or-later
 * What follows from how tasks end: without a process and without a sleep. */
#include "world.h"

static void all_goes_well(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 5, 2, true);
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.events, ==, "output 0 done\noutput 1 done\n");
    struct sched_totals totals;
    sched_totals(w.sched, &totals);
    g_assert_cmpuint(totals.tasks_ended, ==, 3);
    g_assert_cmpuint(totals.outputs_ended, ==, 2);
    g_assert_cmpfloat(totals.predicted_left_s, ==, 0);
    world_close(&w);
}

static void a_failed_task_blocks_only_its_dependents(void)
{
    struct world w;
    world_open(&w);
    int bad = fake_render(w.plan, 5, 1, true);
    fake_render(w.plan, 5, 1, true);
    int chain = fake_render(w.plan, 5, 1, true);
    fake_need(w.plan, chain, bad + 1);
    world_engine(&w);
    fake_act(w.fake, bad, (struct act){.fails = FAIL_INPUT_DAMAGED});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 failed\n");
    check_has(w.events, "output 1 done\n");
    check_has(w.events, "output 2 failed\n");
    check_has(w.events, "task 4 cancelled\n");
    check_hasnt(w.fake->log->str, "start 4");
    check_hasnt(w.fake->log->str, "start 1");
    world_close(&w);
}

static void a_failed_output_fails_alone(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 3, true);
    world_engine(&w);
    fake_act(w.fake, render, (struct act){.failed_output = 2});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 done\n");
    check_has(w.events, "output 1 failed\n");
    check_has(w.events, "output 2 done\n");
    check_has(w.events, "task 2 cancelled\n");
    g_assert_cmpint(world_task(&w, 3)->task->claim.frames, ==, 102);
    world_close(&w);
}

static void out_of_spec_is_never_ready(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 1, true), chain = fake_render(w.plan, 5, 1, false);
    fake_need(w.plan, chain, render + 1);
    world_engine(&w);
    fake_act(w.fake, render + 1, (struct act){.fails_check = true});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 out_of_spec\n");
    check_has(w.events, "output 1 cancelled\n");
    world_close(&w);
}

static void a_failed_verification_fails_the_output(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 2, true);
    world_engine(&w);
    fake_act(w.fake, render + 1, (struct act){.fails = FAIL_INTERNAL});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 failed\n");
    check_has(w.events, "output 1 done\n");
    world_close(&w);
}

static void without_verify_a_render_is_ready_at_once(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 5, 2, false);
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.events, ==, "output 0 done\noutput 1 done\n");
    world_close(&w);
}

static void what_was_rendered_before_is_only_verified(void)
{
    struct world w;
    world_open(&w);
    struct result *finished = result_create();
    result_add_output(finished);
    g_assert_cmpint(fake_finished(w.plan, finished), ==, 0);
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.fake->log->str, ==, "start 0 x2\n");
    g_assert_cmpstr(w.events, ==, "output 0 done\n");
    g_assert_true(sched_render_result(w.sched, 0) == finished->outputs->pdata[0]);
    world_close(&w);
}

static void a_chain_waits_until_its_source_is_published(void)
{
    struct world w;
    world_open(&w);
    int first = fake_render(w.plan, 5, 2, false), chain = fake_render(w.plan, 5, 1, false);
    task_add_file(world_task(&w, chain)->task, "/out/1", false);
    fake_need(w.plan, chain, first);
    world_engine(&w);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    struct failure no = {FAIL_DISK, (char *)"no"};
    unsigned ready = 0;
    for (struct event event; ready < 3 && sched_next(w.sched, 1000000, &event);) {
        if (event.kind != EVENT_OUTPUT_READY)
            continue;
        ready++;
        if (event.output == 1)
            check_hasnt(w.fake->log->str, "start 1");
        sched_published(w.sched, event.output, event.output == 0 ? &no : NULL, false);
    }
    g_assert_cmpuint(ready, ==, 3);
    w.events = fake_run(w.sched);
    check_has(w.events, "output 2 done\n");
    world_close(&w);
}

/* 0 renders the source, 1 verifies it; 2 measures it for 3, which 4 verifies; 5 is made of that
 * (6 verifies), and 7 of both. */
static void what_is_made_of_a_source_that_came_out_as_it_was_stays(void)
{
    for (int same = 0; same < 2; same++) {
        struct world w;
        world_open(&w);
        int source = fake_render(w.plan, 5, 1, true), measure = fake_task(w.plan, TASK_MEASURE, 1);
        int chain = fake_render(w.plan, 5, 1, true), chained = fake_render(w.plan, 5, 1, true);
        int wanted = fake_render(w.plan, 5, 1, false);
        fake_need(w.plan, measure, source + 1);
        fake_need(w.plan, chain, source + 1);
        fake_need(w.plan, chain, measure);
        fake_need(w.plan, chained, chain + 1);
        fake_need(w.plan, wanted, chain + 1);
        struct plan_output *made = fake_output(w.plan, 1), *of_that = fake_output(w.plan, 2);
        made->spared = of_that->spared = true;
        made->from = fake_output(w.plan, 0);
        of_that->from = made;
        fake_output(w.plan, 3)->from = made;
        world_engine(&w);
        w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
        g_autoptr(GString) said = g_string_new(NULL);
        for (struct event event; sched_next(w.sched, 1000000, &event);) {
            if (event.kind == EVENT_OUTPUT_READY)
                sched_published(w.sched, event.output, NULL, same && event.output == 0);
            if (event.kind == EVENT_OUTPUT_ENDED)
                g_string_append_printf(said, "%d %s\n", event.output,
                                       output_status_name(event.status));
        }
        check_has(said->str, "0 done\n");
        check_has(said->str, "3 done\n");
        check_has(said->str, same ? "1 up_to_date\n" : "1 done\n");
        check_has(said->str, same ? "2 up_to_date\n" : "2 done\n");
        g_assert_cmpint(strstr(w.fake->log->str, "start 2 ") == NULL, ==, same);
        struct sched_totals totals;
        sched_totals(w.sched, &totals);
        g_assert_cmpuint(totals.tasks_ended, ==, totals.tasks);
        world_close(&w);
    }
}

/* 0 renders the source, 1 verifies it; 2 makes two outputs of it, one of which is wanted anyway. */
static void a_render_that_one_output_needs_makes_both(void)
{
    struct world w;
    world_open(&w);
    int source = fake_render(w.plan, 5, 1, true), chain = fake_render(w.plan, 5, 2, true);
    fake_need(w.plan, chain, source + 1);
    struct plan_output *spared = fake_output(w.plan, 1);
    spared->spared = true;
    spared->from = fake_output(w.plan, 2)->from = fake_output(w.plan, 0);
    world_engine(&w);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    g_autoptr(GString) said = g_string_new(NULL);
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, event.output == 0);
        if (event.kind == EVENT_OUTPUT_ENDED)
            g_string_append_printf(said, "%d %s\n", event.output, output_status_name(event.status));
    }
    check_has(said->str, "1 done\n");
    check_has(said->str, "2 done\n");
    g_assert_cmpuint(count_of(w.fake->log->str, "start 2 "), ==, 1);
    world_close(&w);
}

static void what_measures_a_chain_waits_for_the_verified_source(void)
{
    struct world w;
    world_open(&w);
    int first = fake_render(w.plan, 5, 1, true), measure = fake_task(w.plan, TASK_MEASURE, 1);
    int chain = fake_render(w.plan, 5, 1, false);
    fake_need(w.plan, measure, first + 1);
    fake_need(w.plan, chain, first + 1);
    fake_need(w.plan, chain, measure);
    world_engine(&w);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    struct event event = {0};
    while (event.kind != EVENT_OUTPUT_READY && sched_next(w.sched, 1000000, &event))
        continue;
    check_hasnt(w.fake->log->str, "start 2");
    sched_published(w.sched, 0, NULL, false);
    w.events = fake_run(w.sched);
    check_has(w.fake->log->str, "start 2");
    check_has(w.events, "output 1 done\n");
    world_close(&w);
}

/* Its folder was being made when everything was to stop. */
static void what_isnt_published_for_an_interrupt_is_cancelled(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 5, 1, true);
    world_engine(&w);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    struct failure stopped = {FAIL_DISK, (char *)"stopped"};
    struct event event = {0};
    while (event.kind != EVENT_OUTPUT_READY && sched_next(w.sched, 1000000, &event))
        continue;
    sched_interrupt(w.sched);
    sched_interrupt(w.sched);
    sched_published(w.sched, 0, &stopped, false);
    w.events = fake_run(w.sched);
    g_assert_cmpstr(w.events, ==, "output 0 cancelled\n");
    world_close(&w);
}

static void a_class_is_retried_by_its_rule(void)
{
    for (enum failure_class class = FAIL_INPUT_DAMAGED; class <= FAIL_INTERNAL; class ++) {
        struct world w;
        world_open(&w);
        int render = fake_render(w.plan, 5, 1, false);
        world_engine(&w);
        fake_act(w.fake, render, (struct act){.fails = class});
        world_run(&w, (struct sched_params){.retries = -1});
        g_assert_cmpuint(count_of(w.fake->log->str, "start 0"), ==,
                         1 + failure_rows[class].retries);
        check_has(w.events, "output 0 failed\n");
        world_close(&w);
    }
}

static void a_render_is_tried_again_when_the_disk_failed_one_output(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 2, false);
    world_engine(&w);
    fake_act(w.fake, render, (struct act){.failed_output = 2});
    fake_act(w.fake, render, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpuint(count_of(w.fake->log->str, "start 0"), ==, 2);
    check_has(w.events, "output 0 done\n");
    check_has(w.events, "output 1 done\n");
    world_close(&w);
}

static void retries_are_counted_and_may_succeed(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 1, false);
    world_engine(&w);
    for (int i = 0; i < 3; i++)
        fake_act(w.fake, render, (struct act){.fails = FAIL_CRASH});
    fake_act(w.fake, render, (struct act){0});
    world_run(&w, (struct sched_params){.retries = 3});
    g_assert_cmpuint(count_of(w.events, "task 0 again\n"), ==, 3);
    check_has(w.events, "output 0 done\n");
    world_close(&w);
}

static void a_task_that_cannot_be_started_fails_by_its_class(void)
{
    struct world w;
    world_open(&w);
    int render = fake_render(w.plan, 5, 1, true);
    world_engine(&w);
    fake_act(w.fake, render, (struct act){.refuses = true, .fails = FAIL_INPUT_DAMAGED});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "task 0 failed input_damaged\n");
    check_has(w.events, "output 0 failed\n");
    world_close(&w);
}

static void a_measurement_is_fed_into_the_steps_that_wait(void)
{
    struct world w;
    world_open(&w);
    int measure = fake_task(w.plan, TASK_MEASURE, 1);
    task_add_output(world_task(&w, measure)->task, -1);
    int render = fake_render(w.plan, 5, 1, false);
    fake_need(w.plan, render, measure);
    struct task *task = world_task(&w, render)->task;
    struct node *params = node_map((struct mark){0});
    g_ptr_array_add(task->steps, step_call_create("loudness", params));
    struct plan_feed feed = {.from_task = measure, .to_task = render, .to_output = -1};
    g_array_append_val(w.plan->feeds, feed);
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1});
    const struct step_call *call = task->steps->pdata[0];
    g_assert_cmpstr(node_get_text(call->measured, "integrated_lufs"), ==, "-19.5");
    g_assert_null(node_get(call->measured, "width"));
    world_close(&w);
}

static void a_failed_measurement_fails_what_waits_for_it(void)
{
    struct world w;
    world_open(&w);
    int measure = fake_task(w.plan, TASK_MEASURE, 1);
    task_add_output(world_task(&w, measure)->task, -1);
    int render = fake_render(w.plan, 5, 2, true);
    fake_need(w.plan, render, measure);
    world_engine(&w);
    fake_act(w.fake, measure, (struct act){.failed_output = 1});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 failed\n");
    check_has(w.events, "output 1 failed\n");
    check_hasnt(w.fake->log->str, "start 1");
    world_close(&w);
}

static void outputs_without_a_task_are_counted_but_silent(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 5, 2, false);
    ((struct plan_output *)w.plan->outputs->pdata[1])->render = -1;
    g_array_set_size(world_task(&w, 0)->outputs, 1);
    g_ptr_array_set_size(world_task(&w, 0)->task->outputs, 1);
    world_engine(&w);
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.events, ==, "output 0 done\n");
    struct sched_totals totals;
    sched_totals(w.sched, &totals);
    g_assert_cmpuint(totals.outputs_ended, ==, 2);
    world_close(&w);
}

static void results_are_there_when_an_output_ends(void)
{
    struct world w;
    world_open(&w);
    fake_render(w.plan, 5, 2, true);
    world_engine(&w);
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    unsigned ended = 0;
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        if (event.kind != EVENT_OUTPUT_ENDED)
            continue;
        ended++;
        g_assert_nonnull(sched_verify_result(w.sched, event.output));
        g_assert_cmpint(sched_render_result(w.sched, event.output)->claim.frames, ==,
                        100 + event.output);
    }
    g_assert_cmpuint(ended, ==, 2);
    g_assert_null(sched_verify_result(w.sched, 0));
    world_close(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(all_goes_well);
    TEST(a_failed_task_blocks_only_its_dependents);
    TEST(a_failed_output_fails_alone);
    TEST(out_of_spec_is_never_ready);
    TEST(a_failed_verification_fails_the_output);
    TEST(without_verify_a_render_is_ready_at_once);
    TEST(what_was_rendered_before_is_only_verified);
    TEST(a_chain_waits_until_its_source_is_published);
    TEST(a_render_that_one_output_needs_makes_both);
    TEST(what_measures_a_chain_waits_for_the_verified_source);
    TEST(what_is_made_of_a_source_that_came_out_as_it_was_stays);
    TEST(what_isnt_published_for_an_interrupt_is_cancelled);
    TEST(a_class_is_retried_by_its_rule);
    TEST(a_render_is_tried_again_when_the_disk_failed_one_output);
    TEST(retries_are_counted_and_may_succeed);
    TEST(a_task_that_cannot_be_started_fails_by_its_class);
    TEST(a_measurement_is_fed_into_the_steps_that_wait);
    TEST(a_failed_measurement_fails_what_waits_for_it);
    TEST(outputs_without_a_task_are_counted_but_silent);
    TEST(results_are_there_when_an_output_ends);
    return g_test_run();
}
