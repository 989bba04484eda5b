/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a pipeline wants called when a run is over. */
#pragma once

#include "report/report.h"
#include "session.h"

/* Calls `end`, and `failure` when the exit code isn't 0, one after the other: a command directly,
 * in the folder of the pipeline's file, a webhook through rushes-webhook; with the report's JSON on
 * standard input, and RUSHES_RUN, RUSHES_STATUS, RUSHES_EXIT and RUSHES_OUT_DIR set. What goes
 * wrong is said and noted in the report (true: a note was added), and changes nothing else. */
bool hooks_call(const struct session *session, struct report *report);
