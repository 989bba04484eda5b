/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an output comes from, in a file beside it, `<output>.rushes.json`: all that is needed to
 * make it again and to say what is different when it comes out different. */
#pragma once

#include "report/report.h"
#include "session.h"

#define PROVENANCE_SUFFIX ".rushes.json"

/* Notes in the plan which outputs have none, as its name would be too long for file systems as they
 * are. */
void provenance_note(struct session *session);
/* Of an output that came to this: where it is wanted (by the command line or the pipeline) it is
 * written of what was made, and of what is up to date and has none; where it isn't, what another
 * run wrote of what is made anew goes. A file of that name that isn't ours stays, with a note, and
 * so has one that rerender won't find, whose names JSON can't hold as they are. `row` is what the
 * report says of it. False and *error when it can't be written. */
bool provenance_keep(const struct session *session, const struct plan_output *output,
                     enum output_status status, const struct report_output *row, GError **error);
