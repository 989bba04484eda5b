/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks without a pipeline: probes, comparisons, fingerprints, run by the same engine and scheduler
 * as everything else. */
#pragma once

#include "guard.h"
#include "plan/plan.h"
#include "report/progress.h"

struct errand {
    struct guard *guard; /* with the engine that runs them */
    struct display *display;
    const char *tasks_dir; /* where tasks leave their files */
    int jobs;
    double timeout_s; /* per attempt; 0 = none */
};

/* An empty plan, and a task of one thread added to it, whose files are the caller's to add. */
struct plan *errand_plan(const GPtrArray *inputs);
struct plan_task *errand_add(struct plan *plan, enum task_kind kind);
void errand_plan_destroy(struct plan *plan);
typedef struct plan *errand_ptr; /* for `g_auto(errand_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(errand_ptr, errand_plan_destroy, NULL)

/* Runs them all; `take` gets each one's result, by the task's id, as long as the call, and after
 * each attempt: the last counts. `retries` -1: by the kind of failure. EXIT_DONE, or the exit code
 * of an interruption or of a sandbox that isn't there. */
int errand_run(const struct errand *errand, struct plan *plan, int retries,
               void (*take)(void *data, int task, const struct result *result), void *data);
