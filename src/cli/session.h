/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `run` and `plan` have in common: pipeline → inputs with facts → plan, with the ledger and
 * the engine that took. Members are filled in this order and freed in the reverse. */
#pragma once

#include "ingest.h"
#include "language.h"
#include "plan/plan.h"
#include "scan.h"
#include "sources.h"

struct session {
    const struct args *args;
    struct language language;
    struct diag *diag;
    struct pipeline *pipeline;
    char *out_dir, *run_id, *run_dir; /* absolute; run_dir is made when it will be a run */
    bool arriving;
    struct engine *engine;
    struct guard guard;
    struct display *display;
    struct ledger *ledger;
    bool ledger_given; /* and not ours to close */
    bool begun;        /* the ledger knows it as a run */
    GPtrArray *inputs; /* struct plan_input */
    struct scan_aside aside;
    struct sources *sources;
    struct plan *plan;
    bool plan_wrong; /* these inputs can't be planned; others may */
    char *scratch;   /* probe files of a session that is no run; removed at the end */
};

/* What a caller brings along that runs again and again. Members may be NULL. */
struct session_given {
    struct ledger *ledger; /* open for writing; stays the caller's */
    GPtrArray *inputs;     /* struct plan_input: taken instead of what is below args->words; a
                              reference is taken, facts are filled in */
    const GPtrArray *only; /* char *: of what is found, the inputs with these paths, for which no
                              hook is called, and `--only` takes what it is made from with it;
                              NULL: all */
    bool arriving;         /* see plan/plan.h */
    bool silent;           /* the caller has another use for the results than printing them */
};

/* EXIT_DONE, or the exit code of what went wrong, which has been said. `for_run`: opens the ledger
 * for writing, begins the run in it before sources are looked at, and makes its folder. */
int session_open(struct session *session, const struct args *args,
                 const struct session_given *given, bool for_run);
/* Of the command line, else of the pipeline. */
struct window window_asked(const struct args *args, const struct pipeline *pipeline);
void session_close(struct session *session);

/* Removes a folder and all below it. Only ever called on folders we made. */
void remove_tree(const char *path);
