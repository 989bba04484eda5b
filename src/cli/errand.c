/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks without a pipeline. */
#include "errand.h"

#include "exit.h"
#include "interrupt.h"
#include "sched/sched.h"

static void plan_task_free(struct plan_task *task)
{
    task_destroy(task->task);
    g_array_unref(task->needs);
    g_array_unref(task->outputs);
    g_free(task);
}

struct plan *errand_plan(const GPtrArray *inputs)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->inputs = inputs;
    plan->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)plan_task_free);
    plan->outputs = g_ptr_array_new();
    plan->notes = g_ptr_array_new();
    plan->feeds = g_array_new(FALSE, FALSE, sizeof(struct plan_feed));
    return plan;
}

struct plan_task *errand_add(struct plan *plan, enum task_kind kind)
{
    struct plan_task *planned = g_new0(struct plan_task, 1);
    planned->task = task_create(kind);
    planned->task->id = (int)plan->tasks->len;
    planned->needs = g_array_new(FALSE, FALSE, sizeof(int));
    planned->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    planned->memory_bytes = 200e6;
    g_ptr_array_add(plan->tasks, planned);
    return planned;
}

void errand_plan_destroy(struct plan *plan)
{
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->outputs);
    g_ptr_array_unref(plan->notes);
    g_array_unref(plan->feeds);
    g_free(plan);
}

static void show(const struct errand *errand, const struct plan *plan, const struct sched *sched,
                 const struct event *event)
{
    if (!errand->display)
        return;
    struct sched_totals totals;
    sched_totals(sched, &totals);
    struct progress_totals shown = {
        .outputs = totals.tasks,
        .ended = totals.tasks_ended,
        .failed = totals.failed,
        .fraction = totals.tasks ? (double)totals.tasks_ended / totals.tasks : 1,
        .eta_s = totals.eta_s,
    };
    const char *label = NULL;
    if (event->task >= 0)
        label = ((struct plan_task *)plan->tasks->pdata[event->task])->task->label;
    display_event(errand->display, event, label, &shown);
}

int errand_run(const struct errand *errand, struct plan *plan, int retries,
               void (*take)(void *data, int task, const struct result *result), void *data)
{
    struct sched_params params = {
        .jobs = errand->jobs,
        .retries = retries,
        .timeout_s = errand->timeout_s,
        .tasks_dir = errand->tasks_dir,
    };
    int code = plan->tasks->len ? guard_check(errand->guard, errand->display) : EXIT_DONE;
    if (code != EXIT_DONE)
        return code;
    struct sched *sched = sched_create(plan, errand->guard->engine, &params);
    unsigned told = 0;
    for (struct event event; sched_next(sched, 200000, &event);) {
        if (event.kind == EVENT_TASK_FINISHED && event.result)
            take(data, event.task, event.result);
        show(errand, plan, sched, &event);
        for (; told < interrupt_count(); told++)
            sched_interrupt(sched);
    }
    sched_destroy(sched);
    return interrupt_count() ? interrupt_exit_code() : EXIT_DONE;
}
