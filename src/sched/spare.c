/* SPDX-License-Identifier: GPL-3.0-or-later
 * Early cut-off: what was to be made again only because its source was, isn't when that came out
 * as it was. */
#include "state.h"

static bool waits(const struct sched *s, int task)
{
    return s->works[task].state == WORK_WAITING;
}

/* A render is left out when all of its outputs are spared for this one's sake. */
static bool is_spared(const struct sched *s, int task, const struct plan_output *from)
{
    const struct plan_task *planned = s->works[task].planned;
    bool spared = waits(s, task) && planned->task->kind == TASK_RENDER;
    for (guint i = 0; spared && i < planned->outputs->len; i++) {
        int output = g_array_index(planned->outputs, int, i);
        const struct plan_output *made = s->plan->outputs->pdata[output];
        spared = made->spared && made->from == from && s->outputs[output] == OUT_OPEN;
    }
    return spared;
}

static bool is_wanted(const struct sched *s, int task)
{
    const struct work *w = &s->works[task];
    for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
        if (s->works[s->edges[e].to].state != WORK_CANCELLED)
            return true;
    return false;
}

/* The measurements that only it waited for. */
static void drop_measures(struct sched *s, int task)
{
    const GArray *needs = s->works[task].planned->needs;
    for (guint i = 0; i < needs->len; i++) {
        int measure = g_array_index(needs, int, i);
        if (s->works[measure].planned->task->kind != TASK_MEASURE || !waits(s, measure) ||
            is_wanted(s, measure))
            continue;
        outcome_drop(s, measure);
        drop_measures(s, measure);
    }
}

static void spare_task(struct sched *s, int task)
{
    static const struct cause up_to_date = {.status = OUTPUT_UP_TO_DATE};
    const GArray *outputs = s->works[task].planned->outputs;
    outcome_drop(s, task);
    drop_measures(s, task);
    for (guint i = 0; i < outputs->len; i++) {
        int output = g_array_index(outputs, int, i);
        const struct plan_output *planned = s->plan->outputs->pdata[output];
        if (planned->verify >= 0)
            outcome_drop(s, planned->verify);
        spare_from(s, output);
        output_end(s, output, &up_to_date);
    }
}

void spare_from(struct sched *s, int output)
{
    const struct plan_output *from = s->plan->outputs->pdata[output];
    const struct work *w = &s->works[output_last_task(from)];
    for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
        if (is_spared(s, s->edges[e].to, from))
            spare_task(s, s->edges[e].to);
}
