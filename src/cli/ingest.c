/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files → facts. */
#include "ingest.h"

#include "exit.h"
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

/* Small files are probed several to a process: starting it costs more than looking at one. */
enum { PROBED_TOGETHER = 16 };
static const int64_t together_bytes = 64 << 20;

static struct plan_task *probe_task(const struct ingest *ingest, int id)
{
    struct plan_task *probe = g_new0(struct plan_task, 1);
    probe->task = task_create(TASK_PROBE);
    probe->task->id = id;
    probe->task->threads = 1;
    probe->task->measure = ingest->measure;
    probe->task->hash = ingest->hash;
    probe->needs = g_array_new(FALSE, FALSE, sizeof(int));
    probe->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    probe->memory_bytes = 200e6;
    return probe;
}

static void add_input(const struct ingest *ingest, struct plan_task *probe,
                      const struct plan_input *input)
{
    int file = task_add_file(probe->task, input->path, false);
    ((struct task_file *)probe->task->files->pdata[file])->stamp = input->stamp;
    ((struct task_file *)probe->task->files->pdata[file])->sequence = input->sequence;
    if (!probe->task->label)
        probe->task->label = g_strconcat("probe ", input->relative, NULL);
    probe->seconds += ingest->measure ? 1 + (double)input->stamp.size / 20e6 : 0.05;
}

static bool is_unknown(const struct ingest *ingest, struct plan_input *input)
{
    if (input->facts || input->failure.class != FAIL_NONE)
        return false;
    if (ingest->ledger && !input->racy)
        input->facts = ledger_facts(ingest->ledger, input->path, &input->stamp, ingest->measure);
    return !input->facts;
}

static GPtrArray *unknown_among(const struct ingest *ingest, const GPtrArray *inputs)
{
    GPtrArray *unknown = g_ptr_array_new();
    for (guint i = 0; i < inputs->len; i++)
        if (is_unknown(ingest, inputs->pdata[i]))
            g_ptr_array_add(unknown, inputs->pdata[i]);
    return unknown;
}

/* The inputs as a plan of probe tasks of at most `together` files; `which` gets those of each. */
static struct plan *probe_plan(const struct ingest *ingest, const GPtrArray *inputs, guint together,
                               GPtrArray *which)
{
    struct plan *plan = g_new0(struct plan, 1);
    struct plan_task *probe = NULL;
    int64_t bytes = 0;
    plan->inputs = inputs;
    plan->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)plan_task_free);
    plan->outputs = g_ptr_array_new();
    plan->notes = g_ptr_array_new();
    plan->feeds = g_array_new(FALSE, FALSE, sizeof(struct plan_feed));
    for (guint i = 0; i < inputs->len; i++) {
        struct plan_input *input = inputs->pdata[i];
        bytes += input->stamp.size;
        if (!probe || probe->task->files->len >= together || bytes > together_bytes ||
            probe->task->trust != input->trust ||
            probe->task->max_megapixels != input->max_megapixels) {
            probe = probe_task(ingest, (int)plan->tasks->len);
            probe->task->trust = input->trust;
            probe->task->max_megapixels = input->max_megapixels;
            g_ptr_array_add(plan->tasks, probe);
            g_ptr_array_add(which, g_ptr_array_new());
            bytes = input->stamp.size;
        }
        add_input(ingest, probe, input);
        g_ptr_array_add(which->pdata[which->len - 1], input);
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

static void take_facts(const struct ingest *ingest, struct plan_input *input,
                       const struct output_result *seen)
{
    g_autoptr(GError) error = NULL;
    if (seen->failure.class != FAIL_NONE) {
        fail(&input->failure, seen->failure.class, "%s", seen->failure.message);
        return;
    }
    if (!seen->measured) {
        fail(&input->failure, FAIL_INTERNAL, "the probe returned nothing");
        return;
    }
    input->facts = facts_copy(seen->measured);
    if (ingest->ledger && !input->racy &&
        !ledger_put_facts(ingest->ledger, input->path, &input->stamp, input->facts, &error))
        fprintf(stderr, "rushes: warning: the ledger can't remember: %s\n", error->message);
}

/* Of several files probed together that the process didn't survive, nothing is known yet. */
static void take_result(const struct ingest *ingest, const GPtrArray *inputs,
                        const struct result *result)
{
    static const struct output_result nothing = {.measured = NULL};
    if (result->failure.class != FAIL_NONE && inputs->len > 1)
        return;
    for (guint i = 0; i < inputs->len; i++) {
        struct plan_input *input = inputs->pdata[i];
        failure_clear(&input->failure);
        if (result->failure.class != FAIL_NONE)
            fail(&input->failure, result->failure.class, "%s", result->failure.message);
        else
            take_facts(ingest, input,
                       i < result->outputs->len ? result->outputs->pdata[i] : &nothing);
    }
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

static void probe_all(const struct ingest *ingest, struct plan *plan, const GPtrArray *which,
                      int retries)
{
    struct sched_params params = {
        .jobs = ingest->jobs,
        .retries = retries,
        .timeout_s = ingest->timeout_s,
        .tasks_dir = ingest->tasks_dir,
    };
    struct sched *sched = sched_create(plan, ingest->guard->engine, &params);
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

static int probe_unknown(const struct ingest *ingest, GPtrArray *inputs, guint most)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) unknown = unknown_among(ingest, inputs);
    guint share = (unknown->len + g_get_num_processors() - 1) / g_get_num_processors();
    guint together = CLAMP(share, 1, most);
    struct plan *plan = probe_plan(ingest, unknown, together, which);
    int code = plan->tasks->len ? guard_check(ingest->guard, ingest->display) : EXIT_DONE;
    if (code == EXIT_DONE && plan->tasks->len)
        probe_all(ingest, plan, which, together > 1 ? 0 : -1); /* each is looked at alone next */
    probe_plan_destroy(plan);
    return code == EXIT_DONE && interrupt_count() ? interrupt_exit_code() : code;
}

int ingest_run(const struct ingest *ingest, GPtrArray *inputs)
{
    int code = ingest->measure ? EXIT_DONE : probe_unknown(ingest, inputs, PROBED_TOGETHER);
    return code == EXIT_DONE ? probe_unknown(ingest, inputs, 1) : code;
}
