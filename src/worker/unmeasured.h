/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders that measure for themselves. */
#pragma once

#include "worker/run.h"

/* Measures for each step of an output that must know the whole programme and has no measurement
 * with it: the planner leaves it to the render where the sound is short. At most one such step lies
 * in a chain, and none among the shared ones. What was measured goes into the result of the output,
 * for the ledger; an output for which it failed has its failure. */
void measure_unmeasured(const struct job *job, struct result *result);
