/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is wanted first, and whether it will be there in time. */
#include "build.h"

#include <math.h>
#include <stdlib.h>

static struct plan_task *task_at(const struct plan *plan, int task)
{
    return plan->tasks->pdata[task];
}

static struct plan_output *output_of(const struct plan *plan, int output)
{
    return plan->outputs->pdata[output];
}

/* What a task needs is at least as urgent. */
static void urge(const struct plan *plan, int task, int priority, int64_t deadline_us)
{
    struct plan_task *planned = task_at(plan, task);
    bool sooner = deadline_us && (!planned->deadline_us || deadline_us < planned->deadline_us);
    if (priority <= planned->priority && !sooner)
        return;
    planned->priority = MAX(planned->priority, priority);
    planned->deadline_us = sooner ? deadline_us : planned->deadline_us;
    for (guint i = 0; i < planned->needs->len; i++)
        urge(plan, g_array_index(planned->needs, int, i), planned->priority, planned->deadline_us);
}

void urgency_of_tasks(struct plan *plan)
{
    for (guint i = 0; i < plan->tasks->len; i++)
        task_at(plan, (int)i)->priority = PRIORITY_LEAST - 1;
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = output_of(plan, (int)i);
        if (output_last_task(planned) >= 0)
            urge(plan, output_last_task(planned), planned->priority, planned->deadline_us);
    }
}

/* ------------------------------------------------------------------ in time? */

static int64_t due_us(const struct plan_task *planned)
{
    return planned->deadline_us ? planned->deadline_us : INT64_MAX;
}

static int by_urgency(const void *a, const void *b)
{
    const struct plan_task *x = *(struct plan_task *const *)a, *y = *(struct plan_task *const *)b;
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    if (due_us(x) != due_us(y))
        return due_us(x) < due_us(y) ? -1 : 1;
    return x->task->id - y->task->id;
}

/* Seconds of all cores until each task has ended, by id, when they go in the order of urgency. */
static double *ends_of(const struct plan *plan)
{
    guint count = plan->tasks->len;
    g_autofree struct plan_task **order = g_new(struct plan_task *, count + 1);
    double *ends_s = g_new(double, count + 1), sum_s = 0;
    for (guint i = 0; i < count; i++)
        order[i] = task_at(plan, (int)i);
    qsort(order, count, sizeof(struct plan_task *), by_urgency);
    for (guint i = 0; i < count; i++)
        ends_s[order[i]->task->id] = (sum_s += order[i]->seconds) / plan->cores;
    return ends_s;
}

/* Outputs of one pipeline output and deadline: they come one after another in the plan, or nearly.
 */
struct late {
    unsigned wanted, late;
    double last_s;
    int64_t due_us;
};

static void foresee(struct builder *b, const struct pipeline_job *job,
                    const struct pipeline_output *output, const struct late *late)
{
    const struct plan_params *params = b->params;
    int64_t ready_us =
        window_after_us(&params->window, params->now_us, (int64_t)(late->last_s * G_USEC_PER_SEC));
    g_autofree char *due = moment_text(late->due_us), *ready = moment_text(ready_us);
    g_autofree char *text = g_strdup_printf(
        "%s/%s: %u of %u output%s may be late: wanted by %s, the last may be ready at %s (a guess)",
        job->name, output->name, late->late, late->wanted, late->wanted == 1 ? "" : "s", due,
        ready);
    diag_warning(b->diag, output->urgency.at,
                 "give it a higher priority, leave out others, or start earlier", "%s", text);
    g_ptr_array_add(b->plan->warnings, g_steal_pointer(&text));
}

/* How much machine time there is until the deadline; never more than the window leaves. */
static double seconds_until(const struct builder *b, int64_t due_us)
{
    int64_t now = b->params->now_us;
    int64_t open_us = due_us > now ? window_open_between_us(&b->params->window, now, due_us) : 0;
    return (double)open_us / G_USEC_PER_SEC;
}

static void foresee_output(struct builder *b, int j, int o, const double *ends_s)
{
    const struct pipeline_output *output = output_at(b->plan, j, o);
    struct late late = {0};
    if (!output->urgency.deliver_by.set)
        return;
    late.due_us = deadline_us(&output->urgency.deliver_by, b->params->now_us);
    double available_s = seconds_until(b, late.due_us);
    for (guint i = 0; i < b->plan->outputs->len; i++) {
        const struct plan_output *planned = output_of(b->plan, (int)i);
        if (planned->job != j || planned->output != o || output_last_task(planned) < 0)
            continue;
        double end_s = ends_s[output_last_task(planned)];
        late.wanted++;
        late.late += end_s > available_s;
        late.last_s = MAX(late.last_s, end_s);
    }
    if (late.late)
        foresee(b, job_at(b->plan, j), output, &late);
}

void urgency_foresee(struct builder *b)
{
    g_autofree double *ends_s = ends_of(b->plan);
    for (guint j = 0; j < b->plan->pipeline->jobs->len; j++)
        for (guint o = 0; o < job_at(b->plan, (int)j)->outputs->len; o++)
            foresee_output(b, (int)j, (int)o, ends_s);
}
