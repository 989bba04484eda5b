/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of an output: its part file gets its name, or goes. */
#pragma once

#include "session.h"

/* Publishes a run's outputs. A folder is made of its bundle on a thread of its own, one after
 * another: where a file system can't share blocks that is a copy, and other tasks start and end
 * meanwhile. All else is done by whoever calls. */
struct publisher;
/* Of an open session, borrowed. Never NULL. */
struct publisher *publisher_create(const struct session *session);
/* Waits for what is underway. Accepts NULL. */
void publisher_destroy(struct publisher *publisher);
/* A verified output, by its index in the plan. */
void publisher_add(struct publisher *publisher, int output);
/* One of those added gets its name: it is announced in the ledger, renamed, recorded. False when
 * none can be yet. `failure` (caller clears) is none, or disk when it couldn't. */
bool publisher_next(struct publisher *publisher, int *output, struct failure *failure);
/* Folders that are still being made fail after the file they are at. */
void publisher_stop(struct publisher *publisher);
/* Folders that are still being made. */
unsigned publisher_underway(const struct publisher *publisher);

/* An output was interrupted: what is rendered whole stays for the next run, as after a kill; all
 * else is removed. */
void leave_output(const struct session *session, const struct plan_output *output);
/* What is left of an output that won't be published: an out-of-spec file is kept for looking at
 * below the run folder (`kept` gets its path, caller frees), everything else is removed. */
void discard_output(const struct session *session, const struct plan_output *output, bool keep,
                    char **kept);
