/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an output comes from, in a file beside it, `<output>.rushes.json`: all that is needed to
 * make it again and to say what is different when it comes out different. */
#pragma once

#include "report/report.h"
#include "session.h"

#define PROVENANCE_SUFFIX ".rushes.json"

/* By the command line or the pipeline. */
bool provenance_is_wanted(const struct session *session);
/* Whether the names of an output and its sources can stand in JSON as they are; rerender finds no
 * others. */
bool provenance_can_name(const struct session *session, const struct plan_output *output);
/* Whether the name of the file beside it isn't too long for file systems as they are. */
bool provenance_has_place(const struct plan_output *output);
/* Notes in the plan which outputs have none. */
void provenance_note(struct session *session);
/* Takes away what another run wrote beside an output that is another now; a file of that name that
 * isn't ours stays. */
void provenance_forget(const struct plan_output *output);
bool provenance_is_there(const struct plan_output *output);
/* It is, and rushes didn't write it. */
bool provenance_is_strangers(const struct plan_output *output);
/* Of a published output; `row` is what the report says of it, `hash` its checksum, NULL not known.
 * False and *error when it can't be written. */
bool provenance_write(const struct session *session, const struct plan_output *output,
                      const struct report_output *row, const char *hash, GError **error);
