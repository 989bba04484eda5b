/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plans put together by hand. */
#include "fake.h"

static void plan_task_free(void *data)
{
    struct plan_task *task = data;
    task_destroy(task->task);
    g_array_unref(task->needs);
    g_array_unref(task->outputs);
    g_free(task);
}

static void plan_output_free(void *data)
{
    struct plan_output *output = data;
    failure_clear(&output->failure);
    result_destroy(output->finished);
    g_free(output->final);
    g_free(output->part);
    g_free(output);
}

struct plan *fake_plan(void)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->tasks = g_ptr_array_new_with_free_func(plan_task_free);
    plan->outputs = g_ptr_array_new_with_free_func(plan_output_free);
    plan->feeds = g_array_new(FALSE, FALSE, sizeof(struct plan_feed));
    return plan;
}

void fake_plan_destroy(struct plan *plan)
{
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->outputs);
    g_array_unref(plan->feeds);
    g_free(plan);
}

static struct plan_task *task_at(const struct plan *plan, int task)
{
    return plan->tasks->pdata[task];
}

int fake_task(struct plan *plan, enum task_kind kind, double seconds)
{
    struct plan_task *task = g_new0(struct plan_task, 1);
    task->task = task_create(kind);
    task->task->id = (int)plan->tasks->len;
    task->needs = g_array_new(FALSE, FALSE, sizeof(int));
    task->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    task->seconds = seconds;
    g_ptr_array_add(plan->tasks, task);
    return task->task->id;
}

void fake_need(struct plan *plan, int task, int needs)
{
    g_array_append_val(task_at(plan, task)->needs, needs);
}

static int add_output(struct plan *plan, int render)
{
    struct plan_output *output = g_new0(struct plan_output, 1);
    int index = (int)plan->outputs->len;
    output->render = render;
    output->verify = -1;
    output->final = g_strdup_printf("/out/%d", index);
    g_ptr_array_add(plan->outputs, output);
    if (render >= 0) {
        g_array_append_val(task_at(plan, render)->outputs, index);
        task_add_output(task_at(plan, render)->task, -1);
    }
    return index;
}

struct plan_output *fake_output(const struct plan *plan, int output)
{
    return plan->outputs->pdata[output];
}

static void add_verify(struct plan *plan, int render, int output)
{
    int verify = fake_task(plan, TASK_VERIFY, 1);
    if (render >= 0)
        fake_need(plan, verify, render);
    g_array_append_val(task_at(plan, verify)->outputs, output);
    fake_output(plan, output)->verify = verify;
}

int fake_finished(struct plan *plan, struct result *finished)
{
    int output = add_output(plan, -1);
    fake_output(plan, output)->finished = finished;
    add_verify(plan, -1, output);
    return fake_output(plan, output)->verify;
}

int fake_render(struct plan *plan, double seconds, unsigned outputs, bool verify)
{
    int render = fake_task(plan, TASK_RENDER, seconds);
    for (unsigned i = 0; i < outputs; i++) {
        int output = add_output(plan, render);
        if (verify)
            add_verify(plan, render, output);
    }
    return render;
}
