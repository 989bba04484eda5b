/* SPDX-License-Identifier: GPL-3.0-or-later
 * The local pool: hands tasks to the warm worker and listens to it and to them. */
#include "local.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    LEAVE_MS = 2000,             /* for the worker to end by itself */
    KILL_PATIENCE_US = 10000000, /* a kill unanswered for so long means the worker hangs */
};

static void running_destroy(struct running *r)
{
    if (r->events >= 0)
        close(r->events);
    failure_clear(&r->why);
    g_free(r->dir);
    g_free(r);
}

static struct running *find_running(struct local *local, int task)
{
    for (guint i = 0; i < local->running->len; i++) {
        struct running *r = local->running->pdata[i];
        if (r->task == task)
            return r;
    }
    return NULL;
}

static void push_ended(struct local *local, int task, struct result *result)
{
    struct engine_event *event = g_new0(struct engine_event, 1);
    *event = (struct engine_event){.news = NEWS_ENDED, .task = task, .result = result};
    g_queue_push_tail(&local->ended, event);
}

/* The worker is gone, and with it all that it ran. The next start brings a new one. */
static void worker_lost(struct local *local)
{
    int status = worker_reap(local, LOST_MS);
    for (guint i = 0; i < local->running->len; i++) {
        const struct running *r = local->running->pdata[i];
        push_ended(local, r->task, result_of_lost(r, status));
    }
    g_ptr_array_set_size(local->running, 0);
}

static bool start_once(struct local *local, const struct task *task, const char *dir, bool *lost,
                       struct failure *failure)
{
    int events;
    *lost = false;
    if (!worker_ensure(local, failure) || !task_hand_over(local, task, dir, &events, lost, failure))
        return false;
    struct running *r = g_new0(struct running, 1);
    r->task = task->id;
    r->events = events;
    r->dir = g_strdup(dir);
    g_ptr_array_add(local->running, r);
    return true;
}

static bool local_start(struct engine *engine, const struct task *task, const char *task_dir,
                        struct failure *failure)
{
    struct local *local = (struct local *)engine;
    bool lost;
    if (start_once(local, task, task_dir, &lost, failure))
        return true;
    if (!lost)
        return false;
    worker_lost(local);
    if (start_once(local, task, task_dir, &lost, failure))
        return true;
    if (lost) {
        worker_lost(local);
        fail(failure, FAIL_CRASH, "%s died while it was given a task", local->worker);
    }
    return false;
}

static void hear_control(struct local *local, struct engine_event *out)
{
    struct wire message;
    int fds[WIRE_FDS_MAX];
    unsigned count;
    if (wire_receive(local->control, &message, fds, &count) <= 0) {
        worker_lost(local);
        return;
    }
    struct running *r = find_running(local, message.task);
    if (message.kind != WIRE_ENDED || !r)
        return;
    *out = (struct engine_event){
        .news = NEWS_ENDED, .task = r->task, .result = result_of_ended(r, &message)};
    g_ptr_array_remove_fast(local->running, r);
}

static void hear_task(struct running *r, struct engine_event *out)
{
    struct progress progress;
    if (events_read(r, &progress))
        *out = (struct engine_event){.news = NEWS_PROGRESS, .task = r->task, .progress = progress};
}

static void hear(struct local *local, struct engine_event *out)
{
    const struct pollfd *polled = (const struct pollfd *)(const void *)local->polled->data;
    if (polled[0].revents) {
        hear_control(local, out);
        return;
    }
    guint count = local->running->len;
    for (guint i = 0; i < count; i++) {
        guint at = (local->turn + i) % count;
        if (!polled[at + 1].revents)
            continue;
        local->turn = at + 1;
        hear_task(local->running->pdata[at], out);
        return;
    }
}

static int wait_for_news(struct local *local, int64_t timeout_us)
{
    int64_t us = CLAMP(timeout_us, 0, (int64_t)3600 * G_USEC_PER_SEC);
    struct timespec limit = {.tv_sec = us / G_USEC_PER_SEC, .tv_nsec = us % G_USEC_PER_SEC * 1000};
    g_array_set_size(local->polled, 0);
    struct pollfd one = {.fd = local->control, .events = POLLIN};
    g_array_append_val(local->polled, one);
    for (guint i = 0; i < local->running->len; i++) {
        one.fd = ((struct running *)local->running->pdata[i])->events;
        g_array_append_val(local->polled, one);
    }
    return ppoll((struct pollfd *)(void *)local->polled->data, local->polled->len, &limit, NULL);
}

static void end_hung_worker(struct local *local)
{
    int64_t now = g_get_monotonic_time();
    for (guint i = 0; i < local->running->len; i++) {
        const struct running *r = local->running->pdata[i];
        if (r->why.class == FAIL_NONE || now - r->killed_us < KILL_PATIENCE_US)
            continue;
        worker_lost(local);
        return;
    }
}

static bool take_ended(struct local *local, struct engine_event *out)
{
    g_autofree struct engine_event *event = g_queue_pop_head(&local->ended);
    if (event)
        *out = *event;
    return event != NULL;
}

static void local_wait(struct engine *engine, int64_t timeout_us, struct engine_event *out)
{
    struct local *local = (struct local *)engine;
    *out = (struct engine_event){.news = NEWS_NONE};
    end_hung_worker(local);
    if (take_ended(local, out))
        return;
    if (wait_for_news(local, timeout_us) > 0)
        hear(local, out);
    if (out->news == NEWS_NONE)
        take_ended(local, out);
}

static void local_kill(struct engine *engine, int task, const struct failure *why)
{
    struct local *local = (struct local *)engine;
    struct running *r = find_running(local, task);
    if (!r || r->why.class != FAIL_NONE)
        return;
    fail(&r->why, why->class, "%s", why->message);
    r->killed_us = g_get_monotonic_time();
    struct wire message = {.kind = WIRE_KILL, .task = task};
    wire_send(local->control, &message, NULL, 0);
}

static bool local_layers(struct engine *engine, unsigned *layers, struct failure *failure)
{
    struct local *local = (struct local *)engine;
    if (!worker_ensure(local, failure))
        return false;
    *layers = local->layers;
    return true;
}

static void local_destroy(struct engine *engine)
{
    struct local *local = (struct local *)engine;
    worker_reap(local, LEAVE_MS);
    for (struct engine_event event; take_ended(local, &event);)
        result_destroy(event.result);
    g_ptr_array_unref(local->running);
    g_array_unref(local->polled);
    g_free(local->worker);
    g_free(local);
}

/* Inputs in the thousands; the worker inherits it. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static const struct engine_ops local_ops = {.start = local_start,
                                            .wait = local_wait,
                                            .kill = local_kill,
                                            .layers = local_layers,
                                            .destroy = local_destroy};

struct engine *engine_local(const struct local_params *params, GError **error)
{
    g_autofree char *worker = worker_find(params->worker, error);
    if (!worker)
        return NULL;
    raise_file_limit();
    struct local *local = g_new0(struct local, 1);
    local->engine.ops = &local_ops;
    local->worker = g_steal_pointer(&worker);
    local->control = -1;
    local->running = g_ptr_array_new_with_free_func((GDestroyNotify)running_destroy);
    local->polled = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    g_queue_init(&local->ended);
    return &local->engine;
}
