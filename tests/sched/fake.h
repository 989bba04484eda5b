/* SPDX-License-Identifier: GPL-3.0-or-later
 * A made-up world for the scheduler: an engine whose tasks take as long as they are told on a
 * clock that only it moves, and plans put together by hand. */
#pragma once

#include "sched/sched.h"

/* What one attempt of a task does; the last one said holds for all later attempts. */
struct act {
    double seconds; /* how long it takes; 0 = as long as the plan predicts */
    enum failure_class fails;
    bool refuses;           /* can't even be started */
    bool hangs;             /* never ends by itself */
    double speaks_s;        /* progress so often; 0 = silent */
    bool repeats_itself;    /* speaks, but always the same */
    int64_t speaks_most;    /* then it is silent; 0 = it goes on */
    unsigned failed_output; /* render, measure: 1 + index of an output that fails; 0 none */
    bool fails_check;       /* verify: a check fails */
    double eats_bytes;      /* of the disk, when it ends */
    const char *says;       /* the failure; NULL = "made to fail" */
};

struct fake {
    struct engine engine;
    struct machine machine;
    int64_t now_us;
    int64_t wall_us;                        /* at now_us 0 */
    double disk_bytes, stalled, part_bytes; /* free; per cent; that a part file takes */
    double disk_size, load;                 /* free or not; threads that want to run, a core */
    double frees_s, freed_bytes;            /* from then on there is so much more disk */
    GPtrArray *running;
    GPtrArray *acts; /* per task: GArray of struct act, or NULL */
    GString *log;    /* "start 3 x2\n" (two threads), "kill 3\n" */
    unsigned running_most;
    double memory_used, memory_most;
    struct plan *plan;
};

struct fake *fake_create(struct plan *plan);
void fake_destroy(struct fake *fake);
void fake_act(struct fake *fake, int task, struct act act);

struct plan *fake_plan(void);
void fake_plan_destroy(struct plan *plan);
int fake_task(struct plan *plan, enum task_kind kind, double seconds); /* its id */
void fake_need(struct plan *plan, int task, int needs);
/* A render task of `outputs` outputs, with a verify task each when asked. Its id; the verify
 * tasks' ids follow it. */
int fake_render(struct plan *plan, double seconds, unsigned outputs, bool verify);
/* An output that a killed run had rendered, which is taken, and its verify task: its id. */
int fake_finished(struct plan *plan, struct result *finished);
struct plan_output *fake_output(const struct plan *plan, int output);

/* `params` with the fake's clock, and two cores and much memory unless it says otherwise. */
struct sched *fake_sched(struct fake *fake, struct sched_params params);
/* Runs to the end, publishing what is ready; events as text: "task 0 failed crash\n",
 * "output 1 done\n". Caller frees. */
char *fake_run(struct sched *sched);
