/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loop: hand out what happened, start what can start, wait for the engine. */
#include "state.h"

#include <math.h>
#include <string.h>

static const double stall_default_s = 120;

/* Before an ETA is believed: this much wall time, and this share of the work. */
static const double eta_after_s = 2, eta_after_share = 0.02;

int64_t sched_now_us(const struct sched *s)
{
    return s->params.machine->clock_us(s->params.machine->self);
}

struct event *sched_emit(struct sched *s, enum event_kind kind, int task, int output,
                         const struct failure *failure)
{
    struct slot slot = {.event = {.kind = kind, .task = task, .output = output}};
    slot.event.time_us = s->params.machine->wall_us(s->params.machine->self);
    slot.event.attempt = task >= 0 ? s->works[task].attempt : 0;
    if (failure) {
        slot.event.failure.class = failure->class;
        slot.event.failure.message = g_strdup(failure->message);
    }
    g_array_append_val(s->slots, slot);
    return &g_array_index(s->slots, struct slot, s->slots->len - 1).event;
}

static void set_defaults(struct sched_params *p)
{
    if (p->cores <= 0)
        p->cores = (int)g_get_num_processors();
    if (p->jobs <= 0)
        p->jobs = p->cores + 1;
    if (!p->machine)
        p->machine = &this_machine;
    if (p->memory_bytes <= 0)
        p->memory_bytes = p->machine->memory_bytes(p->machine->self);
    if (p->stall_s <= 0)
        p->stall_s = stall_default_s;
}

/* Outputs that need no task are over before anything starts: the plan says how. */
static void skip_settled_outputs(struct sched *s)
{
    for (guint i = 0; i < s->plan->outputs->len; i++) {
        const struct plan_output *planned = s->plan->outputs->pdata[i];
        if (output_has_work(planned))
            continue;
        s->outputs[i] = OUT_ENDED;
        s->outputs_ended++;
        s->failed += planned->blocked;
    }
}

/* Before anything started. */
static bool has_failed(const struct sched *s)
{
    return s->failed > 0 || (s->plan->unread && s->plan->unread->len > 0);
}

struct sched *sched_create(struct plan *plan, struct engine *engine,
                           const struct sched_params *params)
{
    struct sched *s = g_new0(struct sched, 1);
    s->plan = plan;
    s->engine = engine;
    s->params = *params;
    s->tasks_dir = g_strdup(params->tasks_dir);
    s->out_dir = g_strdup(params->out_dir);
    set_defaults(&s->params);
    s->ready = g_array_new(FALSE, FALSE, sizeof(int));
    s->lonely = g_array_new(FALSE, FALSE, sizeof(int));
    s->shelved = g_array_new(FALSE, FALSE, sizeof(int));
    s->running = g_array_new(FALSE, FALSE, sizeof(struct run));
    s->slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    s->outputs = g_new0(unsigned char, plan->outputs->len + 1);
    s->begin_us = sched_now_us(s);
    graph_build(s);
    skip_settled_outputs(s);
    for (guint i = 0; i < plan->tasks->len; i++)
        if (s->works[i].waiting_for == 0)
            ready_push(s, (int)i);
    if (s->params.fail_fast && has_failed(s))
        outcome_drain(s);
    return s;
}

static void slot_clear(struct slot *slot)
{
    g_free(slot->event.failure.message);
    g_free((char *)slot->event.text);
    result_destroy(slot->owned);
    *slot = (struct slot){0};
}

void sched_destroy(struct sched *s)
{
    if (!s)
        return;
    slot_clear(&s->current);
    for (guint i = s->slot_next; i < s->slots->len; i++)
        slot_clear(&g_array_index(s->slots, struct slot, i));
    for (guint i = 0; i < s->plan->tasks->len; i++)
        result_destroy(s->works[i].result);
    g_array_unref(s->ready);
    g_array_unref(s->lonely);
    g_array_unref(s->shelved);
    g_array_unref(s->running);
    g_array_unref(s->slots);
    g_free(s->works);
    g_free(s->edges);
    g_free(s->feeds);
    g_free(s->outputs);
    g_free(s->tasks_dir);
    g_free(s->out_dir);
    g_free(s);
}

static void want_less(struct sched *s, int task)
{
    if (task < 0 || --s->works[task].results_wanted > 0)
        return;
    result_destroy(s->works[task].result);
    s->works[task].result = NULL;
}

/* The caller is done with the last event: what it lent is freed. */
static void forget_current(struct sched *s)
{
    if (s->current.event.kind == EVENT_OUTPUT_ENDED) {
        const struct plan_output *planned = s->plan->outputs->pdata[s->current.event.output];
        want_less(s, planned->render);
        want_less(s, planned->verify);
    }
    slot_clear(&s->current);
}

static bool hand_out(struct sched *s, struct event *out)
{
    if (s->slot_next == s->slots->len)
        return false;
    s->current = g_array_index(s->slots, struct slot, s->slot_next++);
    if (s->slot_next == s->slots->len) {
        g_array_set_size(s->slots, 0);
        s->slot_next = 0;
    }
    *out = s->current.event;
    return true;
}

/* Takes a running attempt off the books; false for one we don't know. */
static bool take_off(struct sched *s, int task, double *took_s)
{
    for (guint i = 0; i < s->running->len; i++) {
        const struct run *run = &g_array_index(s->running, struct run, i);
        if (run->task != task)
            continue;
        *took_s = (double)(sched_now_us(s) - run->started_us) / 1e6;
        s->threads_used -= s->works[task].threads;
        s->memory_used -= task_memory(s->works[task].planned);
        g_array_remove_index_fast(s->running, i);
        s->alone_running = false;
        return true;
    }
    return false;
}

static void attempt_ended(struct sched *s, int task, struct result *result)
{
    double took_s = 0;
    if (take_off(s, task, &took_s))
        outcome_ended(s, task, result, took_s);
    else
        result_destroy(result);
}

static void start(struct sched *s, int task)
{
    struct work *w = &s->works[task];
    int64_t now = sched_now_us(s);
    struct run run = {.task = task, .started_us = now, .moved_us = now};
    w->state = WORK_RUNNING;
    w->attempt++;
    w->planned->task->threads = w->threads;
    w->planned->task->tail = !w->alone && (int)(s->ready->len + s->lonely->len) < s->params.cores;
    s->threads_used += w->threads;
    s->memory_used += task_memory(w->planned);
    s->alone_running = w->alone;
    g_array_append_val(s->running, run);
    sched_emit(s, EVENT_TASK_STARTED, task, -1, NULL);

    char id[16];
    g_snprintf(id, sizeof id, "%d", task);
    g_autofree char *dir = g_build_filename(s->tasks_dir, id, NULL);
    g_auto(result_ptr) failed = result_create();
    if (!s->engine->ops->start(s->engine, w->planned->task, dir, &failed->failure))
        attempt_ended(s, task, g_steal_pointer(&failed));
}

/* One at a time: what the caller makes of its events comes before the next. */
static void start_next(struct sched *s)
{
    bool held = !hold_allows(s);
    if (!held)
        disk_unshelve(s, false);
    int task = ready_take(s, held);
    if (task >= 0)
        start(s, task);
}

static struct run *find_run(struct sched *s, int task)
{
    for (guint i = 0; i < s->running->len; i++)
        if (g_array_index(s->running, struct run, i).task == task)
            return &g_array_index(s->running, struct run, i);
    return NULL;
}

static void progressed(struct sched *s, const struct engine_event *news)
{
    struct run *run = find_run(s, news->task);
    if (!run)
        return;
    watch_progress(run, &news->progress, sched_now_us(s));
    sched_emit(s, EVENT_TASK_PROGRESS, news->task, -1, NULL)->progress = news->progress;
}

/* False when nothing happened within the time. */
static bool listen(struct sched *s, int64_t timeout_us)
{
    struct engine_event news = {0};
    s->engine->ops->wait(s->engine, timeout_us, &news);
    if (news.news == NEWS_PROGRESS)
        progressed(s, &news);
    else if (news.news == NEWS_ENDED)
        attempt_ended(s, news.task, news.result);
    return news.news != NEWS_NONE;
}

enum { HEARD_MOST = 10000 };

/* When we ourselves were stopped (^Z), what the workers said meanwhile is heard before they are
 * judged; not for ever, since one may never be silent. */
static void kill_overdue(struct sched *s)
{
    if (watch_left_us(s) > 0)
        return;
    for (int heard = 0; heard < HEARD_MOST && listen(s, 0); heard++)
        ;
    int64_t now = sched_now_us(s);
    for (guint i = 0; i < s->running->len; i++) {
        struct run *run = &g_array_index(s->running, struct run, i);
        struct failure why = {0};
        if (!watch_overdue(s, run, now, &why))
            continue;
        run->killed = true;
        s->engine->ops->kill(s->engine, run->task, &why);
        failure_clear(&why);
    }
}

bool sched_next(struct sched *s, int64_t timeout_us, struct event *out)
{
    forget_current(s);
    if (hand_out(s, out))
        return true;
    start_next(s);
    hold_look(s);
    if (hand_out(s, out))
        return true;
    if (hold_all_done(s))
        return false;
    listen(s, MIN(timeout_us, watch_left_us(s)));
    kill_overdue(s);
    if (hand_out(s, out))
        return true;
    *out = (struct event){.kind = EVENT_TASK_PROGRESS, .task = -1, .output = -1};
    out->time_us = s->params.machine->wall_us(s->params.machine->self);
    return true;
}

void sched_published(struct sched *s, int output, const struct failure *failure, bool same)
{
    struct cause cause = {.status = OUTPUT_DONE};
    if (s->outputs[output] != OUT_AWAITING)
        return;
    s->awaiting--;
    if (failure && failure->class != FAIL_NONE && s->stopping)
        cause = (struct cause){.status = OUTPUT_CANCELLED};
    else if (failure && failure->class != FAIL_NONE)
        cause = (struct cause){OUTPUT_FAILED, *failure};
    else if (same)
        spare_from(s, output);
    output_end(s, output, &cause);
}

void sched_pause(struct sched *s, bool paused)
{
    s->paused = paused;
}

void sched_interrupt(struct sched *s)
{
    if (s->interrupted)
        outcome_stop(s);
    else
        outcome_drain(s);
    s->interrupted = true;
}

/* Predicted seconds that running tasks have behind them. */
static double underway_s(const struct sched *s)
{
    double seconds = 0;
    for (guint i = 0; i < s->running->len; i++) {
        const struct run *run = &g_array_index(s->running, struct run, i);
        if (run->progress.fraction > 0)
            seconds += run->progress.fraction * task_seconds(s->works[run->task].planned);
    }
    return seconds;
}

void sched_totals(const struct sched *s, struct sched_totals *out)
{
    double elapsed_s = (double)hold_elapsed_us(s) / 1e6;
    double underway = underway_s(s), behind = s->run_s + underway;
    double left = MAX(s->left_s - underway, 0);
    double scale = s->run_s > 0 && s->run_real_s > 0 ? s->run_real_s / s->run_s : 1;
    bool early = s->hold || elapsed_s < eta_after_s || behind < eta_after_share * (behind + left);
    *out = (struct sched_totals){
        .tasks = s->plan->tasks->len,
        .tasks_ended = s->tasks_ended,
        .running = s->running->len,
        .outputs = s->plan->outputs->len,
        .outputs_ended = s->outputs_ended,
        .failed = s->failed,
        .predicted_s = scale * (behind + left),
        .predicted_left_s = scale * left,
        .hold = s->hold,
        .eta_s = early || behind <= 0 ? NAN : left * elapsed_s / behind,
    };
}

const struct result *sched_verify_result(const struct sched *s, int output)
{
    const struct plan_output *planned = s->plan->outputs->pdata[output];
    return planned->verify >= 0 ? s->works[planned->verify].result : NULL;
}

const struct output_result *sched_render_result(const struct sched *s, int output)
{
    const struct plan_output *planned = s->plan->outputs->pdata[output];
    if (planned->finished)
        return planned->finished->outputs->pdata[0];
    if (planned->render < 0 || !s->works[planned->render].result)
        return NULL;
    const struct work *w = &s->works[planned->render];
    for (guint i = 0; i < MIN(w->planned->outputs->len, w->result->outputs->len); i++)
        if (g_array_index(w->planned->outputs, int, i) == output)
            return w->result->outputs->pdata[i];
    return NULL;
}
