/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the report's faces share. */
#pragma once

#include "model/carried.h"
#include "model/expect.h"
#include "report/report.h"

const struct report_output *output_at(const struct report *report, guint index);
const struct report_unread *unread_at(const struct report *report, guint index);
/* Why an output isn't done: its failure's message and the checks that it didn't pass, in one
 * sentence. Never empty; caller frees. */
char *failure_sentence(const struct report_output *output);
/* Of one that is late; caller frees. */
char *late_sentence(const struct report_output *output);
/* What of its source is damaged and `damaged: allow` let pass; NULL nothing. Caller frees. */
char *damage_sentence(const struct report_output *output);
/* ", 3 inputs can't be read" after the counts of outputs; "" of none. Caller frees. */
char *unread_count(const struct report *report);
/* Outputs of a status, those together that failed for one reason of one source: arrays of struct
 * report_output, borrowed. */
GPtrArray *problems_of(const struct report *report, enum output_status status);
char *problem_outputs(const GPtrArray *group); /* "a.mp4, a.webm"; caller frees */
/* Those of which damage was let pass, together where it is the same of one source. */
GPtrArray *damaged_outputs(const struct report *report);
/* What can't be read, likewise: arrays of struct report_unread. */
GPtrArray *unread_problems(const struct report *report);
/* Whose it would be: "clips/web, clips/small", or of none "inputs". Caller frees. */
char *unread_of(const GPtrArray *group);
const char *unread_sentence(const struct report_unread *unread);
/* "input_damaged" for a failure, "out_of_spec" or "cancelled" else. */
const char *failure_word(const struct report_output *output);
/* "8.1 s", "12 min 03 s", "3 h 20 min"; caller frees. */
char *seconds_text(double seconds);
const char *status_words(enum output_status status); /* "out of spec" */
