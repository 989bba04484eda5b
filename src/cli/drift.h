/* SPDX-License-Identifier: GPL-3.0-or-later
 * `run --against`: what a run made, or found up to date, beside references, once it is published.
 */
#pragma once

#include "against.h"
#include "report/report.h"
#include "session.h"

/* Adds checks to the rows of the report's outputs, and a row for each reference that no output of
 * the plan is for; what differs is out of spec from then on, and its picture in the run's folder
 * `differences`. Curves go into the ledger's glances. EXIT_DONE, or the exit code of what went
 * wrong, which has been said. */
int drift_find(struct against *against, const struct session *session, struct report *report);
