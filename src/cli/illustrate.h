/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a report shows and doesn't tell in words: what was seen of its outputs, and when its tasks
 * ran. Both are in the ledger. */
#pragma once

#include "ledger/ledger.h"
#include "report/report.h"
#include "sched/sched.h"
#include "session.h"

/* What was seen of an output of a run; NULL: nothing. Caller destroys. */
struct glance *illustrated(const struct report_output *output, const char *run,
                           struct ledger *ledger);
/* Of a page's worth of outputs, what went wrong first. */
void illustrate(struct report *report, struct ledger *ledger);
/* The same of a report of a run below `dir`; one that has no ledger stays as it is. */
void illustrate_past(struct report *report, const char *dir);

/* What a package is seen to be: its first rung, whose row the report has, but for the rate, which
 * is that of them all. NULL: `output` is no package. Caller frees. */
struct glance *illustrated_package(const struct report *report, const struct session *session,
                                   const struct sched *sched, int output);
