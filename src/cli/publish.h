/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of an output: its part file gets its name, or goes. */
#pragma once

#include "session.h"

/* Announces in the ledger, renames, records. False and `failure` (disk) when it can't be. */
bool publish_output(const struct session *session, const struct plan_output *output,
                    struct failure *failure);
/* What is left of an output that won't be published: an out-of-spec file is kept for looking at
 * below the run folder (`kept` gets its path, caller frees), everything else is removed. */
void discard_output(const struct session *session, const struct plan_output *output, bool keep,
                    char **kept);
