/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of the progress display; no terminal, no clock. All ASCII but for names. Caller frees.
 */
#pragma once

#include "report/progress.h"

#include <json-glib/json-glib.h>

/* Cells that a UTF-8 text takes on a terminal: East Asian wide is 2, combining 0. */
int text_cells(const char *text);
/* Cut in its middle to at most `cells`: "clips/web A/A0...9.mov". */
char *text_fit(const char *text, int cells);

/* "clips/web A001.mov  encode [====>     ]  43%  118 fps  4.7x", at most `columns` cells. The
 * percentage never says 100. */
char *task_line(const char *label, const struct progress *progress, int columns);
/* "[====>   ] 12 of 50 outputs, 1 failed, 37 left, 43%, ETA 0:12:03", likewise. */
char *total_line(const struct progress_totals *totals, int columns);
/* "failed (input_damaged): clips/web A001.mov: the file ends in the middle of a frame"; NULL for
 * an event that plain mode has no line for. */
char *event_line(const struct event *event, const char *label);
JsonNode *event_json(const struct event *event, const char *label,
                     const struct progress_totals *totals);
