/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on the command line, looked at without a pipeline: probed, and nothing kept. What `probe`
 * and `check` have in common. */
#pragma once

#include "errand.h"

struct look {
    struct engine *engine;
    struct guard guard;
    char *scratch;        /* a folder of its own, gone with it */
    GPtrArray *inputs;    /* struct plan_input, with facts or a failure */
    struct errand errand; /* for whoever has more to ask */
    bool keep;            /* scratch has a log that somebody was told of: it stays */
};

/* EXIT_DONE, or the exit code of what went wrong, which has been said. */
int look_open(struct look *look, const struct args *args, bool measure);
/* Measures those that have facts and aren't measured yet; what they are beside a reference is
 * forgotten with it. */
int look_measure(struct look *look);
/* A message was given: what it names below scratch is kept. */
void look_told(struct look *look, const struct failure *failure);
/* Nothing more runs: the display goes, and results may be printed. */
void look_settle(struct look *look);
/* Also of what could not be opened. */
void look_close(struct look *look);
