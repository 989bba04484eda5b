/* SPDX-License-Identifier: GPL-3.0-or-later
 * One run from beginning to end: what `run` does once and `watch` again and again. */
#pragma once

#include "report/report.h"
#include "session.h"

struct outcome {
    struct report *report; /* NULL: nothing ran */
    bool pipeline_wrong;   /* nothing ran, whatever the inputs */
    char *findings;        /* what was said of the pipeline and the plan, or NULL */
};

/* Opens, plans, renders, reports; says everything and returns the exit code. `outcome` is empty
 * when it comes in. */
int run_batch(const struct args *args, const struct session_given *given, struct outcome *outcome);
void outcome_clear(struct outcome *outcome);
