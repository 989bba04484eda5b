/* SPDX-License-Identifier: GPL-3.0-or-later
 * Room on the disk: who waits for it, for how long, and who fails. */
#include "world.h"

/* One render of one output for each size. */
static void renders_of(struct world *w, unsigned count, const double *bytes)
{
    world_open(w);
    for (unsigned i = 0; i < count; i++) {
        fake_render(w->plan, 10, 1, true);
        fake_output(w->plan, (int)i)->bytes = bytes[i];
    }
    world_engine(w);
}

static void a_render_waits_until_there_is_room_beside_the_others(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){3e9, 3e9});
    w.fake->disk_bytes = 4e9;
    fake_act(w.fake, 0, (struct act){.eats_bytes = 1e9});
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 2);
    check_has(w.fake->log->str, "start 0 x1\nstart 1 x1\nstart 2");
    check_hasnt(w.events, "held");
    world_close(&w);
}

static void what_is_written_is_not_counted_twice(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){3e9, 3e9});
    w.fake->disk_bytes = 5e9;
    fake_act(w.fake, 0, (struct act){.seconds = 60, .speaks_s = 1}); /* says it is half done */
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.fake->log->str, "start 0 x1\nstart 2 x1\n");
    world_close(&w);
}

/* A folder is copied out of its bundle where a file system can't share blocks. */
static void a_folder_is_counted_beside_its_bundle(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){2e9, 1e9});
    fake_output(w.plan, 0)->files = (char *)"#.png";
    w.fake->disk_bytes = 4e9;
    fake_act(w.fake, 0, (struct act){.eats_bytes = 2e9});
    fake_act(w.fake, 1, (struct act){.seconds = 60});
    world_run(&w, (struct sched_params){.retries = -1, .cores = 2});
    check_has(w.fake->log->str, "start 0 x1\nstart 1 x1\nstart 2");
    world_close(&w);
}

static void a_run_short_of_disk_is_held_until_there_is_room(void)
{
    struct world w;
    renders_of(&w, 3, (double[]){5e9, 1e9, 6e9});
    w.fake->disk_bytes = 2e9;
    w.fake->frees_s = 1000;
    w.fake->freed_bytes = 9e9;
    world_run(&w, (struct sched_params){.retries = -1, .cores = 1});
    g_assert_cmpstr(w.events, ==,
                    "output 1 done\nheld disk\ncontinued\noutput 0 done\noutput 2 done\n");
    g_assert_cmpint(w.fake->now_us / 1000000, >=, 1020);
    g_assert_cmpint(w.fake->now_us / 1000000, <=, 1030);
    world_close(&w);
}

static void what_the_whole_disk_has_no_room_for_fails_and_holds_nobody_up(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){5e12, 1e9});
    w.fake->disk_bytes = 2e9;
    w.fake->disk_size = 4e12;
    world_run(&w, (struct sched_params){.retries = -1, .cores = 1});
    check_has(w.events, "output 0 failed\n");
    check_has(w.events, "output 1 done\n");
    check_hasnt(w.events, "held");
    check_hasnt(w.fake->log->str, "start 0");
    world_close(&w);
}

static void asked_not_to_wait_what_does_not_fit_fails(void)
{
    struct world w;
    renders_of(&w, 3, (double[]){5e9, 1e9, 6e9});
    w.fake->disk_bytes = 2e9;
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1, .low_disk = LOW_DISK_FAIL});
    unsigned failed = 0;
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(w.sched, event.output, NULL, false);
        if (event.kind != EVENT_OUTPUT_ENDED || event.status != OUTPUT_FAILED)
            continue;
        failed++;
        g_assert_cmpint(event.failure.class, ==, FAIL_DISK);
        check_has(event.failure.message, "needs 5.0\u00a0GB, 2.0\u00a0GB free");
    }
    g_assert_cmpuint(failed, ==, 2);
    check_hasnt(w.fake->log->str, "start 0");
    world_close(&w);
}

static void asked_to_ignore_it_all_are_begun(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){5e9, 6e9});
    w.fake->disk_bytes = 2e9;
    world_run(&w, (struct sched_params){.retries = -1, .low_disk = LOW_DISK_IGNORE});
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, 2);
    world_close(&w);
}

static const char full[] = "no space left for the output (No space left on device)";

static void a_render_that_filled_the_disk_waits(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    w.fake->disk_bytes = 4e9;
    w.fake->frees_s = 500;
    w.fake->freed_bytes = 8e9;
    fake_act(w.fake, 0, (struct act){.fails = FAIL_DISK, .says = full, .eats_bytes = 4e9});
    fake_act(w.fake, 0, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.events, ==,
                    "task 0 failed disk\ntask 0 again\nheld disk\ncontinued\noutput 0 done\n");
    world_close(&w);
}

static void an_output_that_filled_the_disk_waits(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    w.fake->disk_bytes = 4e9;
    w.fake->frees_s = 500;
    w.fake->freed_bytes = 8e9;
    fake_act(w.fake, 0, (struct act){.failed_output = 1, .says = full, .eats_bytes = 4e9});
    fake_act(w.fake, 0, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1});
    g_assert_cmpstr(w.events, ==,
                    "task 0 failed disk\ntask 0 again\nheld disk\ncontinued\noutput 0 done\n");
    world_close(&w);
}

/* What a small disk is filled by again and again ends in waiting, not in circles. */
static void it_waits_for_more_than_it_could_write(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    fake_output(w.plan, 0)->part = g_strdup("/out/.part");
    w.fake->disk_bytes = 4e9;
    w.fake->part_bytes = 4e9;
    w.fake->frees_s = 500;
    w.fake->freed_bytes = 7e9; /* more than was predicted, less than twice what was written */
    fake_act(w.fake, 0, (struct act){.fails = FAIL_DISK, .says = full, .eats_bytes = 4e9});
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    for (struct event event; w.fake->now_us < 5000000000 && sched_next(w.sched, 1000000, &event);)
        continue;
    g_assert_cmpuint(count_of(w.fake->log->str, "start 0"), ==, 1);
    world_close(&w);
}

static void a_failure_with_room_left_is_a_failure(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    w.fake->disk_bytes = 4e9;
    fake_act(w.fake, 0, (struct act){.fails = FAIL_DISK, .says = full});
    world_run(&w, (struct sched_params){.retries = 0});
    check_has(w.events, "output 0 failed\n");
    g_assert_cmpuint(count_of(w.fake->log->str, "start 0"), ==, 1);
    world_close(&w);
}

static void another_failure_on_a_full_disk_is_a_failure(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    w.fake->disk_bytes = 4e9;
    fake_act(w.fake, 0,
             (struct act){.fails = FAIL_DISK, .says = "Input/output error", .eats_bytes = 4e9});
    world_run(&w, (struct sched_params){.retries = 0});
    check_has(w.events, "output 0 failed\n");
    world_close(&w);
}

static void waiting_for_the_disk_is_no_retry(void)
{
    struct world w;
    renders_of(&w, 1, (double[]){3e9});
    w.fake->disk_bytes = 4e9;
    w.fake->frees_s = 500;
    w.fake->freed_bytes = 8e9;
    fake_act(w.fake, 0, (struct act){.fails = FAIL_DISK, .says = full, .eats_bytes = 4e9});
    fake_act(w.fake, 0, (struct act){.fails = FAIL_CRASH});
    fake_act(w.fake, 0, (struct act){0});
    world_run(&w, (struct sched_params){.retries = -1});
    check_has(w.events, "output 0 done\n");
    world_close(&w);
}

static void an_interrupt_ends_the_wait(void)
{
    struct world w;
    renders_of(&w, 2, (double[]){5e9, 5e9});
    w.fake->disk_bytes = 2e9;
    w.sched = fake_sched(w.fake, (struct sched_params){.retries = -1});
    unsigned cancelled = 0;
    for (struct event event; sched_next(w.sched, 1000000, &event);) {
        if (event.kind == EVENT_RUN_HELD)
            sched_interrupt(w.sched);
        cancelled += event.kind == EVENT_OUTPUT_ENDED && event.status == OUTPUT_CANCELLED;
    }
    g_assert_cmpuint(cancelled, ==, 2);
    world_close(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_render_waits_until_there_is_room_beside_the_others);
    TEST(what_is_written_is_not_counted_twice);
    TEST(a_folder_is_counted_beside_its_bundle);
    TEST(a_run_short_of_disk_is_held_until_there_is_room);
    TEST(what_the_whole_disk_has_no_room_for_fails_and_holds_nobody_up);
    TEST(asked_not_to_wait_what_does_not_fit_fails);
    TEST(asked_to_ignore_it_all_are_begun);
    TEST(a_render_that_filled_the_disk_waits);
    TEST(an_output_that_filled_the_disk_waits);
    TEST(it_waits_for_more_than_it_could_write);
    TEST(a_failure_with_room_left_is_a_failure);
    TEST(another_failure_on_a_full_disk_is_a_failure);
    TEST(waiting_for_the_disk_is_no_retry);
    TEST(an_interrupt_ends_the_wait);
    return g_test_run();
}
