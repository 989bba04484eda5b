/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan as a graph, for Graphviz. */
#include "build.h"

static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void append_task(GString *out, const struct plan_task *planned)
{
    const struct task *task = planned->task;
    g_autofree char *label = g_strdup_printf("%s: %s", task_kind_name(task->kind), task->label);
    g_string_append_printf(out, "  t%d [label=", task->id);
    append_quoted(out, label);
    g_string_append(out, "];\n");
    for (guint i = 0; i < planned->needs->len; i++)
        g_string_append_printf(out, "  t%d -> t%d;\n", g_array_index(planned->needs, int, i),
                               task->id);
}

/* The output of the same input that another is made from, or -1: --only leaves it out. */
static int source_of(const struct plan *plan, guint index)
{
    const struct plan_output *planned = plan->outputs->pdata[index];
    int from = output_at(plan, planned->job, planned->output)->from;
    int step = from < planned->output ? -1 : 1;
    for (int i = (int)index + step; from >= 0 && i >= 0 && i < (int)plan->outputs->len; i += step) {
        const struct plan_output *other = plan->outputs->pdata[i];
        if (other->job != planned->job || other->input != planned->input)
            return -1;
        if (other->output == from)
            return i;
    }
    return -1;
}

static void append_source(GString *out, const struct plan *plan, guint index)
{
    const struct plan_output *planned = plan->outputs->pdata[index];
    int source = source_of(plan, index);
    if (source < 0)
        return;
    if (planned->render >= 0)
        g_string_append_printf(out, "  o%d -> t%d", source, planned->render);
    else
        g_string_append_printf(out, "  o%d -> o%u", source, index);
    g_autofree char *label = g_strdup_printf("from %s", plan_source_name(plan, planned));
    g_string_append(out, " [label=");
    append_quoted(out, label);
    g_string_append(out, "];\n");
}

static void append_output(GString *out, const struct plan *plan, guint index)
{
    const struct plan_output *planned = plan->outputs->pdata[index];
    g_autofree char *path = path_display(planned->path);
    g_string_append_printf(out, "  o%u [shape=note, label=", index);
    append_quoted(out, path);
    g_string_append(out, planned->blocked ? ", style=dashed];\n" : "];\n");
    int last = output_last_task(planned);
    if (last >= 0)
        g_string_append_printf(out, "  t%d -> o%u;\n", last, index);
    append_source(out, plan, index);
}

char *plan_dot(const struct plan *plan)
{
    GString *out = g_string_new("digraph plan {\n  rankdir=LR;\n  node [shape=box];\n");
    for (guint i = 0; i < plan->tasks->len; i++)
        append_task(out, plan->tasks->pdata[i]);
    for (guint i = 0; i < plan->outputs->len; i++)
        append_output(out, plan, i);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
