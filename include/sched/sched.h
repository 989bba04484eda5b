/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scheduler: walks a plan's tasks through an engine. It is pulled, it calls nobody back:
 *
 *     while (sched_next(sched, &event)) { …record, show, publish… }
 *
 * Each task counts the tasks it waits for; at zero it is ready. Ready tasks start longest first
 * (predicted seconds of their whole remaining branch), as cores and memory allow. A task is given
 * threads by how many are ready: many tasks, one thread each; the last ones, all. A failed task
 * is tried again by the rule of its class, else only the outputs that need it fail; a render with
 * several outputs fails only those whose own result failed. One thread, no globals, no sleeping:
 * time comes from the clock handed in, so tests run without a process. */
#pragma once

#include "engine/engine.h"
#include "plan/plan.h"

struct sched_params {
    int cores;           /* 0 = all we may run on */
    int jobs;            /* -j: most tasks at once; 0 = cores */
    double memory_bytes; /* 0 = what is available now, less a reserve */
    int retries;         /* -1 = by the class's own rule; else how often, for classes worth it */
    double timeout_s;    /* per attempt; 0 = none */
    double stall_s;      /* no progress for so long is a time-out; 0 = 120 s */
    bool fail_fast;
    const char *tasks_dir;           /* runs/<id>/tasks */
    int64_t (*clock_us)(void *self); /* monotonic; NULL = the real one */
    void *clock_self;
};

struct sched;
struct sched *sched_create(struct plan *plan, struct engine *engine,
                           const struct sched_params *params);
void sched_destroy(struct sched *sched);
typedef struct sched *sched_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(sched_ptr, sched_destroy, NULL)

/* The next event; false when all is over. Outputs that need no task (up to date, blocked) are
 * counted but have no events. Waits at most `timeout_us`; then *out is
 * a progress event with task -1 (a tick, for the display). */
bool sched_next(struct sched *sched, int64_t timeout_us, struct event *out);

/* Answer to EVENT_OUTPUT_READY: published (failure NULL) or not. The output's EVENT_OUTPUT_ENDED
 * follows. */
void sched_published(struct sched *sched, int output, const struct failure *failure);

/* First call: start nothing new, let running tasks end (their outputs are published). Second:
 * kill what runs. What wasn't reached ends as cancelled. */
void sched_interrupt(struct sched *sched);

/* For the display: how much is left. */
struct sched_totals {
    unsigned tasks, tasks_ended, running, outputs, outputs_ended, failed;
    double predicted_s,
        predicted_left_s; /* machine seconds, corrected by what was measured so far */
    double eta_s;         /* wall; NAN = too early to say */
};
void sched_totals(const struct sched *sched, struct sched_totals *out);
/* What a task said of an output: until the sched_next() after its EVENT_OUTPUT_ENDED. */
const struct result *sched_verify_result(const struct sched *sched, int output); /* or NULL */
const struct output_result *sched_render_result(const struct sched *sched,
                                                int output); /* or NULL */
