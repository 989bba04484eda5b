/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plan through the scheduler and the real pool: the good is delivered, the bad is classified. */
#include "../sched/fake.h"
#include "pool.h"

static struct task *task_of(const struct plan *plan, int id)
{
    return ((struct plan_task *)plan->tasks->pdata[id])->task;
}

/* A render with one part file, verified. */
static void add_render(const struct pool *pool, struct plan *plan, const char *act,
                       const char *part)
{
    int id = fake_render(plan, 0.05, 1, true); /* a still may be silent 20 times as long */
    g_autofree char *path = pool_path(pool, part);
    struct task *render = task_of(plan, id), *verify = task_of(plan, id + 1);
    g_free(render->label);
    render->label = g_strdup(act);
    render->media = KIND_IMAGE;
    task_add_file(render, FAKE_WORKER, false);
    render->source = facts_create();
    struct task_output *output = render->outputs->pdata[0];
    output->file = task_add_file(render, path, true);
    output->encode = encode_create();
    output->kind = KIND_IMAGE;
    g_free(verify->label);
    verify->label = g_strdup("nothing");
    verify->source = facts_create();
    task_add_file(verify, path, false);
}

static struct sched *open_sched(const struct pool *pool, struct plan *plan)
{
    g_autofree char *dir = pool_path(pool, "tasks");
    struct sched_params params = {
        .cores = 2, .retries = -1, .stall_s = 1, .memory_bytes = 1e12, .tasks_dir = dir};
    return sched_create(plan, pool->engine, &params);
}

static void the_good_is_delivered_and_the_bad_is_classified(void)
{
    static const struct {
        const char *act;
        enum failure_class class;
    } rows[] = {
        {"nothing", FAIL_NONE}, {"segfault", FAIL_CRASH}, {"nothing", FAIL_NONE},
        {"hang", FAIL_TIMEOUT}, {"oom", FAIL_MEMORY},     {"speak", FAIL_NONE},
    };
    struct pool pool;
    struct plan *plan = fake_plan();
    pool_open(&pool);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *part = g_strdup_printf("out/.%u.part", i);
        add_render(&pool, plan, rows[i].act, part);
    }
    struct sched *sched = open_sched(&pool, plan);
    unsigned ended = 0;
    for (struct event event; sched_next(sched, 100000, &event);) {
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(sched, event.output, NULL, false);
        if (event.kind != EVENT_OUTPUT_ENDED)
            continue;
        ended++;
        g_assert_cmpint(event.failure.class, ==, rows[event.output].class);
        g_assert_cmpint(event.status, ==, event.failure.class ? OUTPUT_FAILED : OUTPUT_DONE);
    }
    g_assert_cmpuint(ended, ==, G_N_ELEMENTS(rows));
    sched_destroy(sched);
    pool_close(&pool);
    fake_plan_destroy(plan);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(the_good_is_delivered_and_the_bad_is_classified);
    return g_test_run();
}
