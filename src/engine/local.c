/* SPDX-License-Identifier: GPL-3.0-or-later
 * The local pool: hands tasks to the warm workers and listens to them and to the tasks. */
#include "local.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LEAVE_MS = 2000,            /* for the worker to end by itself */
    KILL_PATIENCE_US = 4000000, /* a kill unanswered for so long means the worker hangs */
};

static void running_destroy(struct running *r)
{
    if (r->events >= 0)
        close(r->events);
    failure_clear(&r->why);
    g_array_unref(r->inputs);
    g_array_unref(r->unmade);
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
static void worker_lost(struct local *local, struct warm *warm)
{
    int status = worker_reap(warm, LOST_MS);
    for (guint i = local->running->len; i-- > 0;) {
        const struct running *r = local->running->pdata[i];
        if (r->by != warm)
            continue;
        push_ended(local, r->task, result_of_lost(r, status));
        g_ptr_array_remove_index(local->running, i);
    }
}

static bool start_once(struct local *local, struct warm *warm, const struct task *task,
                       const char *dir, bool *lost, struct failure *failure)
{
    int events;
    *lost = false;
    g_autoptr(GArray) inputs = inputs_see(task);
    g_autoptr(GArray) unmade = NULL;
    if (!inputs_same(inputs, failure) || !worker_ensure(warm, failure) ||
        !task_hand_over(warm, task, dir, &events, &unmade, lost, failure))
        return false;
    struct running *r = g_new0(struct running, 1);
    r->task = task->id;
    r->by = warm;
    r->what = task;
    r->events = events;
    r->dir = g_strdup(dir);
    r->inputs = g_steal_pointer(&inputs);
    r->unmade = g_steal_pointer(&unmade);
    g_ptr_array_add(local->running, r);
    return true;
}

/* A worker that is lost is started once more; in place of the sound worker the full one. */
static bool start_by(struct local *local, struct warm *warm, const struct task *task,
                     const char *dir, struct failure *failure)
{
    bool lost;
    if (start_once(local, warm, task, dir, &lost, failure))
        return true;
    if (!lost)
        return false;
    worker_lost(local, warm);
    if (warm == &local->warm[WARM_SOUND])
        return start_by(local, &local->warm[WARM_FULL], task, dir, failure);
    if (start_once(local, warm, task, dir, &lost, failure))
        return true;
    if (lost) {
        worker_lost(local, warm);
        fail(failure, FAIL_CRASH, "%s died while it was given a task", warm->path);
    }
    return false;
}

/* The sound worker, started; the full one does everything: where the other can't be started it
 * isn't missed. NULL with `failure` when that was interrupted. */
static struct warm *cheapest(struct local *local, struct failure *failure)
{
    struct warm *sound = &local->warm[WARM_SOUND];
    if (sound->path && worker_ensure(sound, failure))
        return sound;
    if (failure->class == FAIL_TIMEOUT)
        return NULL;
    failure_clear(failure);
    g_clear_pointer(&sound->path, g_free);
    return &local->warm[WARM_FULL];
}

static bool local_start(struct engine *engine, const struct task *task, const char *task_dir,
                        struct failure *failure)
{
    struct local *local = (struct local *)engine;
    struct warm *by = sound_worker_takes(task) ? cheapest(local, failure) : &local->warm[WARM_FULL];
    return by && start_by(local, by, task, task_dir, failure);
}

/* The sound worker lacked something. */
static void start_elsewhere(struct local *local, struct running *r)
{
    struct failure failure = {FAIL_NONE, NULL};
    if (!start_by(local, &local->warm[WARM_FULL], r->what, r->dir, &failure)) {
        struct result *result = result_create();
        result->failure = failure;
        push_ended(local, r->task, result);
    }
    g_ptr_array_remove_fast(local->running, r);
}

static bool was_for_another(const struct local *local, const struct running *r,
                            const struct wire *ended)
{
    return r->by == &local->warm[WARM_SOUND] && r->why.class == FAIL_NONE && ended->error == 0 &&
           WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == WIRE_EXIT_ELSEWHERE;
}

static void hear_control(struct local *local, struct warm *warm, struct engine_event *out)
{
    struct wire message;
    int fds[WIRE_FDS_MAX];
    unsigned count;
    if (wire_receive(warm->control, &message, fds, &count) <= 0) {
        worker_lost(local, warm);
        return;
    }
    struct running *r = find_running(local, message.task);
    if (message.kind != WIRE_ENDED || !r)
        return;
    if (was_for_another(local, r, &message)) {
        start_elsewhere(local, r);
        return;
    }
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
    for (unsigned i = 0; i < WARM_COUNT; i++)
        if (polled[i].revents) {
            hear_control(local, &local->warm[i], out);
            return;
        }
    guint count = local->running->len;
    for (guint i = 0; i < count; i++) {
        guint at = (local->turn + i) % count;
        if (!polled[WARM_COUNT + at].revents)
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
    struct pollfd one = {.events = POLLIN};
    for (unsigned i = 0; i < WARM_COUNT; i++) {
        one.fd = local->warm[i].control;
        g_array_append_val(local->polled, one);
    }
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
        worker_lost(local, r->by);
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
    wire_send(r->by->control, &message, NULL, 0);
}

static bool local_layers(struct engine *engine, unsigned *layers, struct failure *failure)
{
    struct local *local = (struct local *)engine;
    struct warm *any = cheapest(local, failure);
    if (!any || !worker_ensure(any, failure))
        return false;
    *layers = any->layers;
    return true;
}

static void warm_clear(struct warm *warm)
{
    worker_reap(warm, LEAVE_MS);
    g_free(warm->path);
}

static void local_destroy(struct engine *engine)
{
    struct local *local = (struct local *)engine;
    for (unsigned i = 0; i < WARM_COUNT; i++)
        warm_clear(&local->warm[i]);
    for (struct engine_event event; take_ended(local, &event);)
        result_destroy(event.result);
    g_ptr_array_unref(local->running);
    g_array_unref(local->polled);
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
    local->warm[WARM_FULL] = (struct warm){.path = g_steal_pointer(&worker), .control = -1};
    local->warm[WARM_SOUND] =
        (struct warm){.path = sound_worker_find(params), .bound = true, .control = -1};
    local->running = g_ptr_array_new_with_free_func((GDestroyNotify)running_destroy);
    local->polled = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    g_queue_init(&local->ended);
    return &local->engine;
}
