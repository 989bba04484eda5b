/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's other doors: a task run by hand, and the catalogue with its cache. */
#include "pool.h"

#include <glib/gstdio.h>
#include <string.h>

/* Runs the fake worker with one argument. Its exit status. */
static int run_worker(const char *argument, char **out)
{
    const char *const argv[] = {FAKE_WORKER, argument, NULL};
    int status;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               out, NULL, &status, NULL));
    g_autoptr(GError) error = NULL;
    return g_spawn_check_wait_status(status, &error) ? 0 : error->code;
}

static void a_task_can_be_run_by_hand(void)
{
    struct pool pool;
    pool_open(&pool);
    struct task *task = pool_task(1, "files");
    pool_add_input(&pool, task, "a", "0");
    pool_add_part(&pool, task, ".p.part");
    result_destroy(pool_run(&pool, task));
    g_autofree char *file = pool_path(&pool, "tasks/1/task.json"), *out = NULL, *again = NULL;
    g_assert_cmpint(run_worker(file, &out), ==, 0);
    g_auto(result_ptr) result = result_from_text(out, -1, NULL);
    g_assert_nonnull(result);

    g_autofree char *input = pool_path(&pool, "a");
    g_unlink(input);
    g_assert_cmpint(run_worker(file, &again), ==, 1);
    g_auto(result_ptr) failed = result_from_text(again, -1, NULL);
    g_assert_cmpint(failed->failure.class, ==, FAIL_INPUT_DAMAGED);
    pool_close(&pool);
}

static void wrong_arguments_are_usage_errors(void)
{
    g_autofree char *out = NULL, *missing = NULL, *help = NULL;
    g_assert_cmpint(run_worker("--nonsense", &out), ==, 2);
    g_assert_cmpint(run_worker("/nowhere/task.json", &missing), ==, 2);
    g_assert_cmpint(run_worker("--help", &help), ==, 0);
    g_assert_nonnull(strstr(help, "TASK.json"));
}

/* A worker that counts how often it was asked. */
static char *write_script(const struct pool *pool, const char *count)
{
    char *path = pool_path(pool, "script");
    g_autofree char *text =
        g_strdup_printf("#!/bin/sh\necho asked >> '%s'\n"
                        "echo '{\"build\": \"b\", \"encoders\": {}, \"muxers\": {}}'\n",
                        count);
    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
    return path;
}

static size_t times_asked(const char *count)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(count, &text, NULL, NULL));
    return strlen(text) / strlen("asked\n");
}

static void the_catalogue_is_asked_for_once(void)
{
    struct pool pool;
    pool_open(&pool);
    g_setenv("XDG_CACHE_HOME", pool.dir, TRUE); /* before anybody asks GLib for it */
    g_autofree char *count = pool_path(&pool, "count"), *worker = write_script(&pool, count);
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = engine_catalogue_text(worker, &error);
        g_assert_no_error(error);
        g_assert_nonnull(strstr(text, "\"build\""));
    }
    g_assert_cmpuint(times_asked(count), ==, 1);
    g_free(write_script(&pool, count)); /* another file now */
    g_free(engine_catalogue_text(worker, NULL));
    g_assert_cmpuint(times_asked(count), ==, 2);
    pool_close(&pool);
}

static void what_is_no_catalogue_is_not_remembered(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(engine_catalogue_text("/bin/true", &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_task_can_be_run_by_hand);
    TEST(wrong_arguments_are_usage_errors);
    TEST(the_catalogue_is_asked_for_once);
    TEST(what_is_no_catalogue_is_not_remembered);
    return g_test_run();
}
