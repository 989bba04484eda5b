/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curves of `grade` as text: "0 0, 0.5 0.6, 1 1" are points, an input and its output, the
 * inputs ascending. */
#pragma once

#include "base/diag.h"
#include "color/controls.h"

/* `curves` is a map's keys and values, one after the other, or NULL. Reports at `at`. */
bool curves_check(const GPtrArray *curves, struct mark at, struct diag *diag);

/* The points of each; curves were checked. Those that aren't there have none. */
void curves_read(const GPtrArray *curves, struct monotone points[CONTROL_CURVES]);
