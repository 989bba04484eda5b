/* SPDX-License-Identifier: GPL-3.0-or-later
 * What happens during a run, as one stream of facts: the scheduler yields events, and the ledger,
 * events.jsonl and the progress display are written from nothing else. */
#pragma once

#include "model/task.h"

enum event_kind {
    EVENT_TASK_STARTED,
    EVENT_TASK_PROGRESS,
    EVENT_TASK_FINISHED, /* an attempt ended, well or not: `result` */
    EVENT_TASK_RETRIED,  /* will be tried again: `failure` says why */
    EVENT_TASK_CANCELLED,
    EVENT_OUTPUT_READY, /* verified: to be published, then answered by sched_published() */
    EVENT_OUTPUT_ENDED, /* final: `status`, `failure` */
    EVENT_RUN_HELD,     /* nothing new starts from now on: `hold`, `text` */
    EVENT_RUN_CONTINUED,
};

/* Why nothing new starts. What runs goes on to its end. */
enum hold {
    HOLD_NONE,
    HOLD_PAUSED, /* by `rushes pause` */
    HOLD_WINDOW, /* outside the window in which tasks may start */
    HOLD_DISK,   /* not enough room for what is left */
};
const char *hold_name(enum hold hold); /* "" "paused" "window" "disk" */

enum output_status {
    OUTPUT_DONE,
    OUTPUT_UP_TO_DATE,
    OUTPUT_FAILED,
    OUTPUT_OUT_OF_SPEC,
    OUTPUT_CANCELLED
};
const char *output_status_name(enum output_status status); /* "done" "up_to_date" … */

/* How far a running task is. Unknown: 0 or NAN. */
struct progress {
    double fraction; /* 0 to 1, never 1 before the task ended */
    int64_t frames;  /* or samples, or lines: what `unit` says */
    double fps;      /* frames per second of wall time, lately */
    double speed;    /* programme seconds per second of wall time */
    char stage[24];  /* "decode" "encode" "verify" … */
};

struct event {
    enum event_kind kind;
    int64_t time_us; /* wall clock, since the epoch */
    int task;        /* id, or -1 */
    int attempt;     /* from 1 */
    int output;      /* index into the plan's outputs, or -1 */
    struct progress progress;
    const struct result *result; /* EVENT_TASK_FINISHED; borrowed until the next event */
    struct failure failure;      /* message borrowed likewise */
    enum output_status status;
    enum hold hold;
    const char *text; /* EVENT_RUN_HELD: why and until when, for people; borrowed likewise */
};

const char *event_kind_name(enum event_kind kind); /* "task_started" … */
