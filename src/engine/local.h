/* SPDX-License-Identifier: GPL-3.0-or-later
 * The local pool from inside; shared by the files of this folder only. */
#pragma once

#include "engine/engine.h"
#include "model/wire.h"

#include <sys/types.h>

/* A task in the worker's hands. */
struct running {
    int task;
    int events; /* read end; -1 after its end */
    char *dir;
    struct failure why; /* of our kill; FAIL_NONE until then */
    int64_t killed_us;
    unsigned line_length;
    char line[512]; /* of events, so far */
};

struct local {
    struct engine engine;
    char *worker;
    pid_t pid;          /* 0: not running */
    int control;        /* -1: not running */
    unsigned layers;    /* of the sandbox, as the worker said when it greeted */
    GPtrArray *running; /* struct running */
    GQueue ended;       /* struct engine_event *, to be told before anything else */
    GArray *polled;     /* struct pollfd: control first, then running in order */
    unsigned turn;      /* whose events are read next, so that nobody shouts others down */
};

enum { LOST_MS = 200 }; /* for a worker that hung up to say how it ends */

/* spawn.c: the warm worker's life */
bool worker_ensure(struct local *local, struct failure *failure); /* running and greeted */
int worker_reap(struct local *local, int patience_ms); /* ends it; its status as from wait() */

/* hand_over.c: false and `failure`, or false and *lost when the worker is gone. Returns the read
 * end of the events in *events. */
bool task_hand_over(struct local *local, const struct task *task, const char *dir, int *events,
                    bool *lost, struct failure *failure);

/* ended.c */
struct result *result_of_ended(const struct running *running, const struct wire *ended);
struct result *result_of_lost(const struct running *running, int worker_status);

/* events.c: reads what there is; true when *out is new. Closes at the end. */
bool events_read(struct running *running, struct progress *out);

/* find.c: caller frees; NULL and *error. `worker` NULL: beside us, then in libexec. */
char *worker_find(const char *worker, GError **error);
