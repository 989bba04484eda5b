/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scheduler: walks a plan's tasks through an engine. It is pulled, it calls nobody back:
 *
 *     while (sched_next(sched, &event)) { …record, show, publish… }
 *
 * Each task counts the tasks it waits for; at zero it is ready. Ready tasks start by priority, then
 * by deadline, then longest first (predicted seconds of their whole remaining branch), as cores,
 * memory and disk allow. A task is given threads by how many are ready: many tasks, one thread
 * each; the last ones, all that they can use. Of brief tasks (0.1 s at most) one more is underway
 * than there are cores, so that none idles while an output is synced and published. A failed task
 * is tried again by the rule of its class, else only the outputs that need it fail; a render with
 * several outputs fails only those whose own result failed. A run can be held: paused, outside its
 * window, or short of disk; then what runs ends and is verified, and nothing else starts until the
 * reason is gone.
 *
 * One thread, no globals, no sleeping: time and the state of the machine come through what is
 * handed in, so tests run without a process. */
#pragma once

#include "base/daytime.h"
#include "engine/engine.h"
#include "plan/plan.h"

/* What the scheduler asks of the machine it runs on; tests hand in a made-up one. */
struct machine {
    void *self;
    int64_t (*clock_us)(void *self);      /* monotonic */
    int64_t (*wall_us)(void *self);       /* since the epoch */
    double (*memory_bytes)(void *self);   /* that can be had now, less a reserve */
    double (*memory_stalled)(void *self); /* per cent of the last 10 s in which something waited for
                                             memory (PSI); 0 = unknown */
    /* Of the disk that holds `folder`: free, less a reserve; INFINITY = unknown. */
    double (*disk_bytes)(void *self, const char *folder);
    double (*disk_size)(void *self, const char *folder); /* all of it; INFINITY = unknown */
    double (*load)(void *self); /* threads that want to run, lately, for each core; 0 = unknown */
    double (*file_bytes)(void *self, const char *path); /* what a file takes; 0 = there is none */
};
extern const struct machine this_machine;

/* What becomes of outputs for which there may not be enough disk. */
enum low_disk {
    LOW_DISK_WAIT,   /* the run is held until there is room; what the whole disk hasn't fails */
    LOW_DISK_FAIL,   /* they fail */
    LOW_DISK_IGNORE, /* they are begun all the same */
};

struct sched_params {
    int cores;            /* 0 = all we may run on */
    int jobs;             /* -j: most tasks at once; 0 = cores, and one more of brief ones */
    double memory_bytes;  /* 0 = what is available now, less a reserve */
    struct window window; /* in which tasks may start */
    enum low_disk low_disk;
    const char *out_dir; /* whose disk the outputs are on; NULL = don't look at it */
    int retries;         /* -1 = by the class's own rule; else how often, for classes worth it */
    double timeout_s;    /* per attempt; 0 = none */
    double stall_s; /* no progress for so long (on a busy machine, times its load, 10 at most), or
                       for 20 times as long as this attempt took between two moves so far, is a
                       time-out; 0 = 120 s */
    bool fail_fast; /* what the plan refuses is a failure, too: nothing starts then */
    const char *tasks_dir;         /* runs/<id>/tasks */
    const struct machine *machine; /* NULL = this one */
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
 * follows. With `same`, what it is made of has the content that was there before: what is spared
 * for its sake ends as up to date. */
void sched_published(struct sched *sched, int output, const struct failure *failure, bool same);

/* First call: start nothing new, let running tasks end (their outputs are published). Second:
 * kill what runs. What wasn't reached ends as cancelled. */
void sched_interrupt(struct sched *sched);

/* Nothing new starts while paused. A running interrupt goes before it. */
void sched_pause(struct sched *sched, bool paused);

/* For the display: how much is left. */
struct sched_totals {
    unsigned tasks, tasks_ended, running, outputs, outputs_ended, failed;
    double predicted_s,
        predicted_left_s; /* machine seconds, corrected by what was measured so far */
    double eta_s;         /* wall; NAN = too early to say, or held */
    enum hold hold;
};
void sched_totals(const struct sched *sched, struct sched_totals *out);
/* What a task said of an output: until the sched_next() after its EVENT_OUTPUT_ENDED. */
const struct result *sched_verify_result(const struct sched *sched, int output); /* or NULL */
const struct output_result *sched_render_result(const struct sched *sched,
                                                int output); /* or NULL */
