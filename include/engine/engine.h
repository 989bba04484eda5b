/* SPDX-License-Identifier: GPL-3.0-or-later
 * How tasks are started and how they end. The scheduler knows engines only by this. One thread. */
#pragma once

#include "model/event.h"

enum engine_news { NEWS_NONE, NEWS_PROGRESS, NEWS_ENDED };

struct engine_event {
    enum engine_news news;
    int task;                 /* id */
    struct progress progress; /* NEWS_PROGRESS */
    struct result *result;    /* NEWS_ENDED: owned by the receiver; result->failure says a crash,
                                 time-out or worker's own failure, or that an input isn't any more
                                 what it was when the task was planned (input_damaged) */
};

struct engine;
struct engine_ops {
    /* Mandatory. Starts `task`; its files are opened, part files created, result and log written
     * below `task_dir` (made if missing). False and `failure` when it can't be started; the task
     * may be offered again. It is borrowed until it has ended. */
    bool (*start)(struct engine *engine, const struct task *task, const char *task_dir,
                  struct failure *failure);
    /* Mandatory. The next thing that happened; NEWS_NONE when timeout_us passed or a signal
     * arrived. Never blocks longer. */
    void (*wait)(struct engine *engine, int64_t timeout_us, struct engine_event *out);
    /* Mandatory. Ends a running task at once; its NEWS_ENDED still comes. `why` becomes its
     * failure. */
    void (*kill)(struct engine *engine, int task, const struct failure *why);
    /* For whoever asks: the layers of the sandbox (model/sandbox.h) that every task will run under.
     * Starts what it must to know. False and `failure` when that can't be started. */
    bool (*layers)(struct engine *engine, unsigned *layers, struct failure *failure);
    void (*destroy)(struct engine *engine);
};
struct engine {
    const struct engine_ops *ops;
};
void engine_destroy(struct engine *engine); /* accepts NULL */

struct local_params {
    const char *worker; /* path of rushes-worker; NULL = beside this executable, then libexec */
    const char *sound_worker; /* of rushes-worker-sound; NULL = the same where `worker` is NULL,
                                 else none */
};
/* The pool: a warm worker, a fork of it per task. NULL and *error when it can't be started. Tasks
 * of sound files that a lighter worker can do (worker/serve.h) are forks of that one, where it is
 * there; when one turns out to be more, the full worker is given it, and nobody hears of that.
 * The workers die with this process, and their tasks with them. */
struct engine *engine_local(const struct local_params *params, GError **error);

/* The worker's catalogue, from the cache ($XDG_CACHE_HOME/rushes) when the worker's file hasn't
 * changed since, else by asking it once. Caller frees. NULL and *error. */
char *engine_catalogue_text(const char *worker, GError **error);
