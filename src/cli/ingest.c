/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files → facts. */
#include "ingest.h"

#include "interrupt.h"
#include "sched/sched.h"

#include <math.h>
#include <stdio.h>

static void plan_task_free(struct plan_task *task)
{
    task_destroy(task->task);
    g_array_unref(task->needs);
    g_array_unref(task->outputs);
    g_free(task);
}

static struct plan_task *probe_task(const struct ingest *ingest, const struct plan_input *input,
                                    int id)
{
    struct plan_task *probe = g_new0(struct plan_task, 1);
    probe->task = task_create(TASK_PROBE);
    probe->task->id = id;
    probe->task->label = g_strconcat("probe ", input->relative, NULL);
    probe->task->threads = 1;
    probe->task->measure = ingest->measure;
    probe->task->hash = ingest->hash;
    int file = task_add_file(probe->task, input->path, false);
    ((struct task_file *)probe->task->files->pdata[file])->stamp = input->stamp;
    probe->needs = g_array_new(FALSE, FALSE, sizeof(int));
    probe->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    probe->seconds = ingest->measure ? 1 + (double)input->stamp.size / 20e6 : 0.05;
    probe->memory_bytes = 200e6;
    return probe;
}

/* The unknown inputs as a plan of probe tasks; `which` gets the input of each task. */
static struct plan *probe_plan(const struct ingest *ingest, const GPtrArray *inputs,
                               GPtrArray *which)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->inputs = inputs;
    plan->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)plan_task_free);
    plan->outputs = g_ptr_array_new();
    plan->notes = g_ptr_array_new();
    plan->feeds = g_array_new(FALSE, FALSE, sizeof(struct plan_feed));
    for (unsigned i = 0; i < inputs->len; i++) {
        struct plan_input *input = inputs->pdata[i];
        if (input->failure.class != FAIL_NONE)
            continue;
        if (ingest->ledger)
            input->facts =
                ledger_facts(ingest->ledger, input->path, &input->stamp, ingest->measure);
        if (input->facts)
            continue;
        g_ptr_array_add(plan->tasks, probe_task(ingest, input, (int)plan->tasks->len));
        g_ptr_array_add(which, input);
    }
    return plan;
}

static void probe_plan_destroy(struct plan *plan)
{
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->outputs);
    g_ptr_array_unref(plan->notes);
    g_array_unref(plan->feeds);
    g_free(plan);
}

static void take_result(const struct ingest *ingest, struct plan_input *input,
                        const struct result *result)
{
    failure_clear(&input->failure);
    if (result->failure.class != FAIL_NONE) {
        fail(&input->failure, result->failure.class, "%s", result->failure.message);
        return;
    }
    if (!result->facts) {
        fail(&input->failure, FAIL_INTERNAL, "the probe returned nothing");
        return;
    }
    g_autoptr(JsonObject) json = facts_to_json(result->facts);
    facts_destroy(input->facts);
    input->facts = facts_from_json(json);
    g_autoptr(GError) error = NULL;
    if (ingest->ledger &&
        !ledger_put_facts(ingest->ledger, input->path, &input->stamp, input->facts, &error))
        fprintf(stderr, "rushes: warning: the ledger can't remember: %s\n", error->message);
}

static void show(const struct ingest *ingest, const struct plan *plan, const struct sched *sched,
                 const struct event *event)
{
    if (!ingest->display)
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
    display_event(ingest->display, event, label, &shown);
}

bool ingest_run(const struct ingest *ingest, GPtrArray *inputs)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new();
    struct plan *plan = probe_plan(ingest, inputs, which);
    if (plan->tasks->len) {
        struct sched_params params = {
            .jobs = ingest->jobs,
            .retries = -1,
            .timeout_s = ingest->timeout_s,
            .tasks_dir = ingest->tasks_dir,
        };
        struct sched *sched = sched_create(plan, ingest->engine, &params);
        unsigned told = 0;
        for (struct event event; sched_next(sched, 200000, &event);) {
            if (event.kind == EVENT_TASK_FINISHED && event.result)
                take_result(ingest, which->pdata[event.task], event.result);
            show(ingest, plan, sched, &event);
            for (; told < interrupt_count(); told++)
                sched_interrupt(sched);
        }
        sched_destroy(sched);
    }
    probe_plan_destroy(plan);
    return interrupt_count() == 0;
}
