/* SPDX-License-Identifier: GPL-3.0-or-later
 * What follows from the end of an attempt: tries again, feeds, releases and cancels. A failure
 * goes no further than the outputs that need what failed. */
#include "model/expect.h"
#include "state.h"

#include <math.h>

static void cancel(struct sched *s, int task, const struct cause *cause);

static bool may_start(const struct sched *s, const struct work *w)
{
    return !s->stopping && (!s->draining || w->planned->task->kind == TASK_VERIFY);
}

static const struct cause interrupted = {.status = OUTPUT_CANCELLED};

static void release(struct sched *s, int task)
{
    struct work *w = &s->works[task];
    if (w->state != WORK_WAITING || --w->waiting_for > 0)
        return;
    if (may_start(s, w))
        ready_push(s, task);
    else
        cancel(s, task, &interrupted);
}

static void settle(struct sched *s, const struct edge *edge, const struct cause *cause)
{
    if (cause)
        cancel(s, edge->to, cause);
    else
        release(s, edge->to);
}

static bool leads_to_verify(const struct sched *s, const struct edge *edge)
{
    return s->works[edge->to].planned->task->kind == TASK_VERIFY;
}

/* The edges that wait for `output` to be rendered, or published; cause NULL: it was. */
static void settle_output(struct sched *s, int task, int output, bool published,
                          const struct cause *cause)
{
    if (task < 0)
        return;
    const struct work *w = &s->works[task];
    for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
        if (s->edges[e].output == output && leads_to_verify(s, &s->edges[e]) != published)
            settle(s, &s->edges[e], cause);
}

/* The edges that wait for the task itself. */
static void settle_task(struct sched *s, int task)
{
    const struct work *w = &s->works[task];
    for (unsigned e = w->edge_first; e < w[1].edge_first; e++)
        if (s->edges[e].output < 0)
            release(s, s->edges[e].to);
}

/* A group goes on without a member whose content can't be measured; of one that failed for what may
 * pass, its gain would be another next time. */
static bool goes_without(const struct failure *failure)
{
    return failure->class == FAIL_INPUT_DAMAGED || failure->class == FAIL_UNSUPPORTED;
}

static void cancel_dependents(struct sched *s, int task, const struct cause *cause)
{
    const struct work *w = &s->works[task];
    for (unsigned e = w->edge_first; e < w[1].edge_first; e++) {
        int to = s->edges[e].to;
        if (s->works[to].planned->task->kind == TASK_GATHER && goes_without(&cause->failure))
            release(s, to);
        else
            cancel(s, to, cause);
    }
}

static void end_outputs_of(struct sched *s, const struct work *w, const struct cause *cause)
{
    for (guint i = 0; i < w->planned->outputs->len; i++)
        output_end(s, g_array_index(w->planned->outputs, int, i), cause);
}

static void ended(struct sched *s, struct work *w, enum work_state state)
{
    w->state = state;
    s->tasks_ended++;
    s->left_s -= task_seconds(w->planned);
}

static void cancel(struct sched *s, int task, const struct cause *cause)
{
    struct work *w = &s->works[task];
    if (w->state != WORK_WAITING && w->state != WORK_READY && w->state != WORK_RUNNING)
        return;
    ended(s, w, WORK_CANCELLED);
    sched_emit(s, EVENT_TASK_CANCELLED, task, -1, &cause->failure);
    end_outputs_of(s, w, cause);
    cancel_dependents(s, task, cause);
}

void outcome_drop(struct sched *s, int task)
{
    ended(s, &s->works[task], WORK_CANCELLED);
    sched_emit(s, EVENT_TASK_CANCELLED, task, -1, NULL);
}

static bool counts_as_failed(enum output_status status)
{
    return status == OUTPUT_FAILED || status == OUTPUT_OUT_OF_SPEC;
}

void output_end(struct sched *s, int output, const struct cause *cause)
{
    if (s->outputs[output] == OUT_ENDED)
        return;
    if (s->outputs[output] != OUT_OPEN)
        s->folder_bytes -= disk_folder(s->plan->outputs->pdata[output]);
    s->outputs[output] = OUT_ENDED;
    s->outputs_ended++;
    s->failed += counts_as_failed(cause->status);
    sched_emit(s, EVENT_OUTPUT_ENDED, -1, output, &cause->failure)->status = cause->status;
    const struct plan_output *planned = s->plan->outputs->pdata[output];
    struct cause passed_on = *cause;
    if (cause->status == OUTPUT_OUT_OF_SPEC) {
        passed_on.status = OUTPUT_CANCELLED;
        passed_on.failure = (struct failure){FAIL_NONE, (char *)"its source output is out of spec"};
    }
    bool there = cause->status == OUTPUT_DONE || cause->status == OUTPUT_UP_TO_DATE;
    const struct cause *to = there ? NULL : &passed_on;
    settle_output(s, planned->render, output, true, to);
    settle_output(s, planned->verify, output, true, to);
    if (s->params.fail_fast && counts_as_failed(cause->status))
        outcome_drain(s);
}

static void output_rendered(struct sched *s, int output)
{
    if (s->outputs[output] == OUT_OPEN)
        s->folder_bytes += disk_folder(s->plan->outputs->pdata[output]);
    s->outputs[output] = OUT_RENDERED;
}

static void output_ready(struct sched *s, int task, int output)
{
    output_rendered(s, output);
    s->outputs[output] = OUT_AWAITING;
    s->awaiting++;
    sched_emit(s, EVENT_OUTPUT_READY, task, output, NULL);
}

static void feed(struct sched *s, const struct plan_feed *at, const struct result *result)
{
    const struct output_result *from = result->outputs->pdata[at->from_output];
    struct task *to = s->works[at->to_task].planned->task;
    GPtrArray *steps = to->steps;
    if (at->to_output >= 0)
        steps = ((struct task_output *)to->outputs->pdata[at->to_output])->steps;
    struct step_call *call = steps->pdata[at->to_step];
    if (!from->measured)
        return;
    node_unref(call->measured);
    call->measured = facts_measured(from->measured);
}

static void measured(struct sched *s, int task, const struct result *result)
{
    const struct work *w = &s->works[task];
    for (unsigned i = w->feed_first; i < w[1].feed_first; i++)
        feed(s, &s->feeds[i], result);
}

static void rendered_output(struct sched *s, int task, int output, const struct output_result *r)
{
    const struct plan_output *planned = s->plan->outputs->pdata[output];
    if (r->failure.class != FAIL_NONE) {
        struct cause cause = {OUTPUT_FAILED, r->failure};
        output_end(s, output, &cause);
        settle_output(s, task, output, false, &cause);
        return;
    }
    output_rendered(s, output);
    if (planned->verify >= 0) {
        claim_copy(&s->works[planned->verify].planned->task->claim, &r->claim);
        settle_output(s, task, output, false, NULL);
    } else {
        output_ready(s, task, output);
    }
}

static void rendered(struct sched *s, int task, const struct result *result)
{
    const GArray *outputs = s->works[task].planned->outputs;
    for (guint i = 0; i < outputs->len; i++)
        rendered_output(s, task, g_array_index(outputs, int, i), result->outputs->pdata[i]);
}

static bool in_spec(const struct result *result)
{
    for (guint i = 0; i < result->checks->len; i++)
        if (!((struct check *)result->checks->pdata[i])->pass)
            return false;
    return true;
}

static void verified(struct sched *s, int task, const struct result *result)
{
    static const struct cause out_of_spec = {.status = OUTPUT_OUT_OF_SPEC};
    const struct work *w = &s->works[task];
    if (in_spec(result))
        output_ready(s, task, g_array_index(w->planned->outputs, int, 0));
    else
        end_outputs_of(s, w, &out_of_spec);
}

static void succeed(struct sched *s, int task, const struct result *result)
{
    enum task_kind kind = s->works[task].planned->task->kind;
    if (kind == TASK_MEASURE || kind == TASK_GATHER)
        measured(s, task, result);
    else if (kind == TASK_RENDER)
        rendered(s, task, result);
    else if (kind == TASK_VERIFY)
        verified(s, task, result);
    settle_task(s, task);
}

static void give_up(struct sched *s, int task, const struct failure *failure)
{
    struct cause cause = {OUTPUT_FAILED, *failure};
    end_outputs_of(s, &s->works[task], &cause);
    cancel_dependents(s, task, &cause);
}

/* A class that isn't worth another try by its own rule never is. */
static bool tries_again(const struct sched *s, const struct work *w, enum failure_class class)
{
    unsigned retries = failure_rows[class].retries;
    if (retries > 0 && s->params.retries >= 0)
        retries = (unsigned)s->params.retries;
    return !s->draining && (unsigned)(w->attempt - w->disk_waits) <= retries;
}

static void try_again(struct sched *s, int task, const struct failure *failure)
{
    struct work *w = &s->works[task];
    sched_emit(s, EVENT_TASK_RETRIED, task, -1, failure);
    w->alone |= failure_rows[failure->class].alone;
    ready_push(s, task);
}

/* A worker must speak of every output; a measurement that failed fails what waits for it. */
static void check_result(const struct task *task, struct result *result)
{
    bool speaks = !task_kind_looks(task->kind);
    if (result->failure.class == FAIL_NONE && speaks && result->outputs->len != task->outputs->len)
        fail(&result->failure, FAIL_INTERNAL, "the worker spoke of %u outputs, not %u",
             result->outputs->len, task->outputs->len);
    for (guint i = 0; task->kind == TASK_MEASURE && i < result->outputs->len; i++) {
        const struct failure *failure =
            &((struct output_result *)result->outputs->pdata[i])->failure;
        if (failure->class != FAIL_NONE)
            fail(&result->failure, failure->class, "%s", failure->message);
    }
}

/* Says that the attempt ended, and gives the result to whoever needs it longest. */
static void keep_result(struct sched *s, int task, struct result *result, bool final)
{
    struct work *w = &s->works[task];
    sched_emit(s, EVENT_TASK_FINISHED, task, -1, &result->failure)->result = result;
    if (final && w->results_wanted > 0)
        w->result = result;
    else
        g_array_index(s->slots, struct slot, s->slots->len - 1).owned = result;
}

/* A render in which one output failed in a way that is worth another try failed as a whole: each
 * attempt writes all of its files anew. */
static bool tries_outputs_again(const struct sched *s, const struct work *w, struct result *result)
{
    for (guint i = 0; result->failure.class == FAIL_NONE && i < result->outputs->len; i++) {
        const struct failure *failure =
            &((struct output_result *)result->outputs->pdata[i])->failure;
        if (failure->class != FAIL_NONE && tries_again(s, w, failure->class))
            fail(&result->failure, failure->class, "%s", failure->message);
    }
    return result->failure.class != FAIL_NONE && tries_again(s, w, result->failure.class);
}

/* One that met a full disk is made again when there is room, however often. */
static bool waits_for_disk(struct sched *s, int task, struct result *result)
{
    const struct failure *full = disk_was_full(s, task, result);
    if (full && result->failure.class == FAIL_NONE)
        fail(&result->failure, full->class, "%s", full->message);
    return full != NULL;
}

/* Predicted seconds: what failed at once has not done the work that was predicted of it. */
static double work_done_s(const struct work *w, bool failed, double took_s)
{
    double predicted = task_seconds(w->planned);
    return failed ? MIN(predicted, took_s * w->threads) : predicted;
}

void outcome_ended(struct sched *s, int task, struct result *result, double took_s)
{
    struct work *w = &s->works[task];
    check_result(w->planned->task, result);
    enum failure_class class = result->failure.class;
    if (class != FAIL_NONE && s->stopping) {
        result_destroy(result);
        cancel(s, task, &interrupted);
        return;
    }
    bool again = waits_for_disk(s, task, result) || tries_outputs_again(s, w, result);
    keep_result(s, task, result, !again);
    if (again) {
        try_again(s, task, &result->failure);
        return;
    }
    disk_unshelve(s, w->disk_bytes > 0);
    s->run_s += work_done_s(w, class != FAIL_NONE, took_s);
    s->run_real_s += took_s * w->threads;
    ended(s, w, class == FAIL_NONE ? WORK_DONE : WORK_FAILED);
    if (class == FAIL_NONE)
        succeed(s, task, result);
    else
        give_up(s, task, &result->failure);
}

void outcome_refuse(struct sched *s, int task, const struct failure *why)
{
    struct cause cause = {OUTPUT_FAILED, *why};
    cancel(s, task, &cause);
}

/* Verify tasks stay: what is being rendered now is still to be published. */
void outcome_drain(struct sched *s)
{
    if (s->draining)
        return;
    s->draining = true;
    for (guint i = 0; i < s->plan->tasks->len; i++)
        if (s->works[i].state <= WORK_READY && !may_start(s, &s->works[i]))
            cancel(s, (int)i, &interrupted);
    ready_forget(s);
}

void outcome_stop(struct sched *s)
{
    static const struct failure why = {FAIL_TIMEOUT, (char *)"stopped by an interrupt"};
    if (s->stopping)
        return;
    outcome_drain(s);
    s->stopping = true;
    for (guint i = 0; i < s->plan->tasks->len; i++)
        if (s->works[i].state <= WORK_READY)
            cancel(s, (int)i, &interrupted);
    ready_forget(s);
    for (guint i = 0; i < s->running->len; i++)
        s->engine->ops->kill(s->engine, g_array_index(s->running, struct run, i).task, &why);
}
