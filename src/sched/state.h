/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the scheduler knows while it runs; shared by the files of this folder only.
 *
 * A `work` is a plan task in progress. Edges run from a task to those that need it. An edge that
 * leads from an output settles twice over: a verify task starts when its output is rendered, any
 * other task (a chain) when that output has its final name. */
#pragma once

#include "sched/sched.h"

enum work_state { WORK_WAITING, WORK_READY, WORK_RUNNING, WORK_DONE, WORK_FAILED, WORK_CANCELLED };

struct edge {
    int to;
    int output; /* plan output that must be rendered or published; -1: the task must succeed */
};

struct work {
    struct plan_task *planned;
    struct result *result;   /* of a render or verify, until all of its outputs have ended */
    double path_s;           /* predicted, of the longest branch from here to the end */
    unsigned edge_first;     /* its edges end where the next work's begin */
    unsigned feed_first;     /* likewise */
    unsigned waiting_for;    /* unsettled edges that lead here */
    unsigned results_wanted; /* outputs that have not ended */
    double disk_bytes;       /* that its outputs take: predicted, or what failing taught */
    double folder_bytes;     /* of them, once more: a folder is made beside its bundle */
    int attempt, threads;
    int disk_waits; /* attempts that ended because the disk was full: not held against it */
    enum work_state state;
    unsigned char passed; /* how often a smaller task was started before it */
    bool alone;           /* the next attempt runs with nothing beside it */
};

enum { STEPS = 15 };

/* A running attempt. */
struct run {
    int task;
    int64_t started_us, moved_us; /* moved: its last change of progress */
    int64_t steps_us[STEPS];      /* between its last moves */
    unsigned moves;
    struct progress progress;
    bool killed;
};

/* An event and what it owns, until the next one is handed out. */
struct slot {
    struct event event;
    struct result *owned;
};

enum output_state { OUT_OPEN, OUT_RENDERED, OUT_AWAITING, OUT_ENDED };

struct sched {
    struct plan *plan;
    struct engine *engine;
    struct sched_params params;
    char *tasks_dir, *out_dir;
    struct work *works; /* one more than tasks: the end of the last one's edges */
    struct edge *edges;
    struct plan_feed *feeds; /* sorted by from_task */
    GArray *ready;           /* int: heap of ids, longest branch first */
    GArray *lonely;          /* int: ids of retries that wait until they can be alone */
    GArray *shelved;         /* int: ids of ready tasks that the disk had no room for */
    int64_t shelf_us;        /* when that is looked at again */
    GArray *running;         /* struct run */
    GArray *slots;           /* struct slot: events to hand out, from slot_next on */
    unsigned slot_next;
    struct slot current;    /* handed out last */
    unsigned char *outputs; /* enum output_state */
    unsigned awaiting;      /* outputs handed out to be published */
    double folder_bytes;    /* of what is rendered and will be a folder */
    int threads_used;
    double memory_used;
    bool alone_running, interrupted, draining, stopping, paused;
    enum hold hold;
    int64_t begin_us, held_since_us, held_us; /* held_us: before that */
    unsigned tasks_ended, outputs_ended, failed;
    double left_s, run_s,
        run_real_s; /* predicted: not ended, run to the end; and what those took */
};

/* Why a task won't run or an output won't be made. */
struct cause {
    enum output_status status; /* of the outputs */
    struct failure failure;
};

/* graph.c */
void graph_build(struct sched *s);
double task_seconds(const struct plan_task *planned); /* predicted, never NAN */
double task_memory(const struct plan_task *planned);  /* bytes, likewise */

/* ready.c */
void ready_push(struct sched *s, int task);
void ready_forget(struct sched *s); /* drops those that are not ready any more */
/* The next to start now, its threads set; -1 none. Held: of those that verify. */
int ready_take(struct sched *s, bool held);

/* outcome.c */
void outcome_ended(struct sched *s, int task, struct result *result, double took_s);
void outcome_drain(struct sched *s);
void outcome_stop(struct sched *s);
void outcome_refuse(struct sched *s, int task, const struct failure *why); /* not even begun */
void output_end(struct sched *s, int output, const struct cause *cause);

void outcome_drop(struct sched *s, int task); /* it isn't needed any more */

/* spare.c */
void spare_from(struct sched *s, int output); /* it came out as it was */

/* watch.c */
int64_t watch_left_us(const struct sched *s); /* until the next attempt is overdue */
bool watch_overdue(const struct sched *s, const struct run *run, int64_t now_us,
                   struct failure *why);
void watch_progress(struct run *run, const struct progress *progress, int64_t now_us);

/* disk.c */
double disk_need(const struct sched *s, const struct plan_task *planned);
double disk_folder(const struct plan_output *output); /* what its folder takes beside its bundle */
double disk_folders(const struct sched *s, const struct plan_task *planned);
bool disk_fits(const struct sched *s, int task);
/* Whether it would take more than the whole disk has, and that for people. Caller frees. */
bool disk_never_fits(const struct sched *s, int task);
char *disk_size_text(const struct sched *s, int task);
void disk_shelve(struct sched *s, int task);
void disk_unshelve(struct sched *s, bool now); /* when it is time to look again, or now */
char *disk_text(const struct sched *s);        /* what is needed and what there is; caller frees */
/* Whether an attempt failed for want of disk and may be made again when there is more; NULL: no. */
const struct failure *disk_was_full(struct sched *s, int task, const struct result *result);

/* hold.c */
bool hold_allows(const struct sched *s); /* to start something */
void hold_look(struct sched *s);         /* says so when the run is held now, or not any more */
bool hold_all_done(const struct sched *s);
int64_t hold_elapsed_us(const struct sched *s); /* since the begin, without the time held */

/* sched.c */
int64_t sched_now_us(const struct sched *s);
struct event *sched_emit(struct sched *s, enum event_kind kind, int task, int output,
                         const struct failure *failure);
