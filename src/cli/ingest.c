/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files → facts. */
#include "ingest.h"

#include "exit.h"

#include <stdio.h>

/* Small files are probed several to a process: starting it costs more than looking at one. */
enum { PROBED_TOGETHER = 16 };
static const int64_t together_bytes = 64 << 20;

static struct plan_task *add_probe(const struct ingest *ingest, struct plan *plan)
{
    struct plan_task *probe = errand_add(plan, TASK_PROBE);
    probe->task->measure = ingest->measure;
    probe->task->hash = ingest->hash;
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
    struct plan *plan = errand_plan(inputs);
    struct plan_task *probe = NULL;
    int64_t bytes = 0;
    for (guint i = 0; i < inputs->len; i++) {
        struct plan_input *input = inputs->pdata[i];
        bytes += input->stamp.size;
        if (!probe || probe->task->files->len >= together || bytes > together_bytes ||
            probe->task->trust != input->trust) {
            probe = add_probe(ingest, plan);
            probe->task->trust = input->trust;
            g_ptr_array_add(which, g_ptr_array_new());
            bytes = input->stamp.size;
        }
        add_input(ingest, probe, input);
        g_ptr_array_add(which->pdata[which->len - 1], input);
    }
    return plan;
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

struct asked {
    const struct ingest *ingest;
    const GPtrArray *which; /* GPtrArray of struct plan_input, by task */
};

static void take_of(void *data, int task, const struct result *result)
{
    const struct asked *asked = data;
    take_result(asked->ingest, asked->which->pdata[task], result);
}

static int probe_unknown(const struct ingest *ingest, GPtrArray *inputs, guint most)
{
    g_autoptr(GPtrArray) which = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) unknown = unknown_among(ingest, inputs);
    guint share = (unknown->len + g_get_num_processors() - 1) / g_get_num_processors();
    guint together = CLAMP(share, 1, most);
    g_auto(errand_ptr) plan = probe_plan(ingest, unknown, together, which);
    struct asked asked = {ingest, which};
    /* Each of those that are probed together is looked at alone next. */
    return errand_run(&ingest->errand, plan, together > 1 ? 0 : -1, take_of, &asked);
}

int ingest_run(const struct ingest *ingest, GPtrArray *inputs)
{
    int code = ingest->measure ? EXIT_DONE : probe_unknown(ingest, inputs, PROBED_TOGETHER);
    return code == EXIT_DONE ? probe_unknown(ingest, inputs, 1) : code;
}
