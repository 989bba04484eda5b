/* SPDX-License-Identifier: GPL-3.0-or-later
 * The local pool from inside; shared by the files of this folder only. */
#pragma once

#include "engine/engine.h"
#include "model/wire.h"

#include <sys/types.h>

/* A warm worker, running or not. */
struct warm {
    char *path;      /* NULL: there is none */
    bool bound;      /* all that its libraries call is bound as it starts, and not by each fork */
    pid_t pid;       /* 0: not running */
    int control;     /* -1: not running */
    unsigned layers; /* of the sandbox, as it said when it greeted */
};
enum { WARM_FULL, WARM_SOUND, WARM_COUNT }; /* worker/serve.h */

/* A task in a worker's hands. */
struct running {
    int task;
    struct warm *by;
    const struct task *what;
    int events; /* read end; -1 after its end */
    char *dir;
    GArray *inputs;     /* as they were: inputs.c */
    GArray *unmade;     /* struct unmade */
    struct failure why; /* of our kill; FAIL_NONE until then */
    int64_t killed_us;
    unsigned line_length;
    char line[512]; /* of events, so far */
};

/* An output whose part file couldn't be made. It fails, the others of its task don't. */
struct unmade {
    unsigned output;
    struct failure failure;
};

struct local {
    struct engine engine;
    struct warm warm[WARM_COUNT];
    GPtrArray *running; /* struct running */
    GQueue ended;       /* struct engine_event *, to be told before anything else */
    GArray *polled;     /* struct pollfd: the workers' controls first, then running in order */
    unsigned turn;      /* whose events are read next, so that nobody shouts others down */
};

enum { LOST_MS = 200 }; /* for a worker that hung up to say how it ends */

/* spawn.c: a warm worker's life */
/* Running and greeted. A signal with a handler ends the wait for the greeting, and the worker:
 * FAIL_TIMEOUT. */
bool worker_ensure(struct warm *warm, struct failure *failure);
int worker_reap(struct warm *warm, int patience_ms); /* ends it; its status as from wait() */

/* which.c: whether rushes-worker-sound has what the task takes, by what is known of it. Where that
 * is wrong it finds out itself, at the cost of a fork. */
bool sound_worker_takes(const struct task *task);

/* hand_over.c: false and `failure`, or false and *lost when the worker is gone. Returns the read
 * end of the events in *events, and in *unmade which outputs are not made (g_array_unref; also when
 * false); when none is, that is a failure. */
bool task_hand_over(const struct warm *warm, const struct task *task, const char *dir, int *events,
                    GArray **unmade, bool *lost, struct failure *failure);

/* inputs.c: what a task is about to read, as it was planned or else as it is now (g_array_unref).
 * Later false and `failure` (input_damaged) when a file isn't that any more. */
GArray *inputs_see(const struct task *task);
bool inputs_same(const GArray *inputs, struct failure *failure);

/* ended.c */
struct result *result_of_ended(const struct running *running, const struct wire *ended);
struct result *result_of_lost(const struct running *running, int worker_status);

/* events.c: reads what there is; true when *out is new. Closes at the end. */
bool events_read(struct running *running, struct progress *out);

/* find.c: caller frees; NULL and *error. `worker` NULL: beside us, then in libexec. */
char *worker_find(const char *worker, GError **error);
/* The other one, or NULL: beside us too, when `worker` is. */
char *sound_worker_find(const struct local_params *params);
