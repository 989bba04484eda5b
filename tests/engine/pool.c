/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every test of the engine does. */
#include "pool.h"

#include <glib/gstdio.h>

static const int64_t patience_us = 20000000;

void pool_open(struct pool *pool)
{
    g_autoptr(GError) error = NULL;
    struct local_params params = {.worker = FAKE_WORKER};
    pool->dir = g_dir_make_tmp("rushes-engine-XXXXXX", &error);
    g_assert_no_error(error);
    pool->engine = engine_local(&params, &error);
    g_assert_no_error(error);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    g_remove(path);
}

void pool_close(struct pool *pool)
{
    engine_destroy(pool->engine);
    remove_tree(pool->dir);
    g_free(pool->dir);
}

struct task *pool_task(int id, const char *act)
{
    struct task *task = task_create(TASK_PROBE);
    task->id = id;
    task->threads = 1;
    g_free(task->label);
    task->label = g_strdup(act);
    if (!g_str_equal(act, "files"))
        task_add_file(task, FAKE_WORKER, false); /* no task is without a file */
    return task;
}

char *pool_path(const struct pool *pool, const char *name)
{
    return g_build_filename(pool->dir, name, NULL);
}

void pool_add_input(const struct pool *pool, struct task *task, const char *name, const char *text)
{
    g_autofree char *path = pool_path(pool, name);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    task_add_file(task, path, false);
}

void pool_add_part(const struct pool *pool, struct task *task, const char *name)
{
    g_autofree char *path = pool_path(pool, name);
    task_add_file(task, path, true);
}

bool pool_start(const struct pool *pool, const struct task *task, struct failure *failure)
{
    g_autofree char *id = g_strdup_printf("tasks/%d", task->id);
    g_autofree char *dir = pool_path(pool, id);
    return pool->engine->ops->start(pool->engine, task, dir, failure);
}

struct result *pool_ended(const struct pool *pool, int *task)
{
    int64_t end_us = g_get_monotonic_time() + patience_us;
    while (g_get_monotonic_time() < end_us) {
        struct engine_event event;
        pool->engine->ops->wait(pool->engine, 100000, &event);
        if (event.news != NEWS_ENDED)
            continue;
        *task = event.task;
        return event.result;
    }
    g_error("no task ended");
}

struct result *pool_run(const struct pool *pool, struct task *task)
{
    int ended;
    g_auto(task_ptr) owned = task;
    struct failure failure = {0};
    if (!pool_start(pool, task, &failure))
        g_error("not started: %s", failure.message);
    struct result *result = pool_ended(pool, &ended);
    g_assert_cmpint(ended, ==, owned->id);
    return result;
}
