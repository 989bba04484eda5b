/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plan + what became of it → report. */
#pragma once

#include "report/report.h"
#include "sched/sched.h"
#include "session.h"

/* One output's end, as it happens: adds to the report what is known of it, and returns its row.
 * `sched` may be NULL for outputs that never got that far (up to date, blocked). */
struct report_output *collect_output(struct report *report, const struct session *session,
                                     const struct sched *sched, int output,
                                     enum output_status status, const struct failure *failure);
/* Without a plan, of a session that didn't get so far: no outputs. */
struct report *collect_begin(const struct session *session);
/* How each output of the pipeline that had work is set, by the example of its first file. */
void collect_settings(struct report *report, const struct session *session);
/* Which layers the tasks run under, and what it means that some are missing. */
void collect_sandbox(struct report *report, const struct guard *guard);
