/* SPDX-License-Identifier: GPL-3.0-or-later
 * A short sound is measured by its own render. The chain before the step is that of a measure task,
 * and worker_measure() runs it. */
#include "unmeasured.h"

#include "audio/foreseen.h"
#include "steps/faces.h"

/* The first step that asks for the whole programme and wasn't told; -1: none. */
static int asks(const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const struct step_call *call = steps->pdata[i];
        const struct faces *faces = faces_find(call->name);
        if (faces && faces->step->measures && !call->measured)
            return (int)i;
    }
    return -1;
}

static GPtrArray *first(const GPtrArray *steps, guint count)
{
    GPtrArray *some = g_ptr_array_sized_new(count);
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(some, steps->pdata[i]);
    return some;
}

/* Measures what comes before step `at` of an output's own; keeps it with the output. */
static void measure_before(const struct job *job, const GPtrArray *steps, int at,
                           struct output_result *keep)
{
    g_autoptr(GPtrArray) own = first(steps, (guint)at);
    g_autoptr(GPtrArray) meters = g_ptr_array_new();
    g_auto(result_ptr) result = result_create();
    struct task_output meter = {.file = -1, .kind = KIND_AUDIO, .blocks = true, .steps = own};
    struct task task = *job->task;
    g_ptr_array_add(meters, &meter);
    task.kind = TASK_MEASURE;
    task.outputs = meters;
    worker_measure(&(struct job){&task, job->fds, job->speaker, .trial = true}, result);
    struct output_result *heard = result->outputs->pdata[0];
    if (heard->failure.class != FAIL_NONE) {
        fail(&keep->failure, heard->failure.class, "%s", heard->failure.message);
        return;
    }
    struct step_call *call = steps->pdata[at];
    call->measured = facts_measured(heard->measured);
    foreseen_keep(call->measured, heard->measured);
    g_clear_pointer(&heard->measured->gated_blocks, g_free);
    keep->measured = g_steal_pointer(&heard->measured);
}

void measure_unmeasured(const struct job *job, struct result *result)
{
    const struct task *task = job->task;
    while (result->outputs->len < task->outputs->len)
        result_add_output(result);
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *to = task->outputs->pdata[i];
        int at = asks(to->steps);
        if (at >= 0)
            measure_before(job, to->steps, at, result->outputs->pdata[i]);
    }
}
