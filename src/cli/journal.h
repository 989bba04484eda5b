/* SPDX-License-Identifier: GPL-3.0-or-later
 * events.jsonl: every event of a run but progress, one JSON object a line, each written whole. */
#pragma once

#include "plan/plan.h"

#include <stdio.h>

/* {"time":"2026-01-31T20:00:00.123Z","event":"task_finished","task":3,"attempt":1,"label":"…",
 *  "seconds":1.2,"failure":{"class":"…","message":"…"},"output":"web/a.mp4","status":"done",
 *  "reason":"never rendered before"} */
bool journal_write(FILE *journal, const struct plan *plan, const struct event *event);
bool journal_flush(FILE *journal);
