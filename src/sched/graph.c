/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a plan to counters, edges and the length of every task's remaining branch. */
#include "state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double task_seconds(const struct plan_task *planned)
{
    return isfinite(planned->seconds) && planned->seconds > 0 ? planned->seconds : 0;
}

double task_memory(const struct plan_task *planned)
{
    return isfinite(planned->memory_bytes) && planned->memory_bytes > 0 ? planned->memory_bytes : 0;
}

static bool task_reads(const struct task *task, const char *path)
{
    for (guint i = 0; path && i < task->files->len; i++) {
        const struct task_file *file = task->files->pdata[i];
        if (!file->write && strcmp(file->path, path) == 0)
            return true;
    }
    return false;
}

/* Which output of `from` a need of `to` is really about. */
static int edge_output(const struct sched *s, const struct plan_task *from,
                       const struct plan_task *to)
{
    if (to->task->kind == TASK_VERIFY && to->outputs->len == 1)
        return g_array_index(to->outputs, int, 0);
    if (from->task->kind != TASK_RENDER && from->task->kind != TASK_VERIFY)
        return -1;
    for (guint i = 0; i < from->outputs->len; i++) {
        int output = g_array_index(from->outputs, int, i);
        const struct plan_output *planned = s->plan->outputs->pdata[output];
        if (from->task->kind == TASK_VERIFY || task_reads(to->task, planned->final))
            return output;
    }
    return -1;
}

/* Counting sort by the needed task: first how many, then where, then fill. */
static void connect(struct sched *s)
{
    guint count = s->plan->tasks->len;
    for (guint i = 0; i < count; i++) {
        const GArray *needs = s->works[i].planned->needs;
        s->works[i].waiting_for = needs->len;
        for (guint k = 0; k < needs->len; k++)
            s->works[g_array_index(needs, int, k) + 1].edge_first++;
    }
    for (guint i = 0; i < count; i++)
        s->works[i + 1].edge_first += s->works[i].edge_first;
    s->edges = g_new(struct edge, s->works[count].edge_first);
    g_autofree unsigned *at = g_new(unsigned, count + 1);
    for (guint i = 0; i < count; i++)
        at[i] = s->works[i].edge_first;
    for (guint i = 0; i < count; i++) {
        const struct plan_task *to = s->works[i].planned;
        for (guint k = 0; k < to->needs->len; k++) {
            int from = g_array_index(to->needs, int, k);
            int output = edge_output(s, s->works[from].planned, to);
            s->edges[at[from]++] = (struct edge){.to = (int)i, .output = output};
        }
    }
}

/* Tasks in an order in which every one comes after those it needs. Returns how many. */
static unsigned order_tasks(const struct sched *s, int *order)
{
    unsigned count = s->plan->tasks->len, filled = 0;
    g_autofree unsigned *left = g_new(unsigned, count + 1);
    for (unsigned i = 0; i < count; i++)
        if ((left[i] = s->works[i].waiting_for) == 0)
            order[filled++] = (int)i;
    for (unsigned i = 0; i < filled; i++) {
        const struct work *w = &s->works[order[i]];
        for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
            if (--left[s->edges[e].to] == 0)
                order[filled++] = s->edges[e].to;
    }
    return filled;
}

static void measure_paths(struct sched *s)
{
    g_autofree int *order = g_new(int, s->plan->tasks->len + 1);
    for (unsigned i = order_tasks(s, order); i-- > 0;) {
        struct work *w = &s->works[order[i]];
        for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
            w->path_s = MAX(w->path_s, s->works[s->edges[e].to].path_s);
        w->path_s += task_seconds(w->planned);
    }
}

static int by_source(const void *a, const void *b)
{
    const struct plan_feed *x = a, *y = b;
    return (x->from_task > y->from_task) - (x->from_task < y->from_task);
}

static void sort_feeds(struct sched *s)
{
    guint count = s->plan->feeds->len, at = 0;
    s->feeds = g_new(struct plan_feed, count + 1);
    for (guint i = 0; i < count; i++)
        s->feeds[i] = g_array_index(s->plan->feeds, struct plan_feed, i);
    qsort(s->feeds, count, sizeof *s->feeds, by_source);
    for (guint task = 0; task <= s->plan->tasks->len; task++) {
        while (at < count && s->feeds[at].from_task < (int)task)
            at++;
        s->works[task].feed_first = at;
    }
}

void graph_build(struct sched *s)
{
    guint count = s->plan->tasks->len;
    s->works = g_new0(struct work, count + 1);
    for (guint i = 0; i < count; i++) {
        struct plan_task *planned = s->plan->tasks->pdata[i];
        bool publishes = planned->task->kind == TASK_RENDER || planned->task->kind == TASK_VERIFY;
        s->works[i].planned = planned;
        s->works[i].results_wanted = publishes ? planned->outputs->len : 0;
        s->works[i].disk_bytes = disk_need(s, planned);
        s->works[i].folder_bytes = disk_folders(s, planned);
        s->left_s += task_seconds(planned);
    }
    connect(s);
    measure_paths(s);
    sort_feeds(s);
}
