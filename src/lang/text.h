/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places inside a scalar: for the small languages (templates, conditions, globs) that stand in
 * one. */
#pragma once

#include "base/diag.h"

#include <stdbool.h>

/* The mark of `length` bytes from `start` of a scalar's text. When the text doesn't stand on one
 * line as it is (escapes, folding, a variable was filled in) it is the mark of all of it. */
struct mark mark_within(struct mark at, const char *text, size_t start, size_t length);

/* Letters, digits, "_"; no digit first. */
bool is_identifier(const char *text);
/* Letters, digits, "_", "-", "."; no dot first: the name of a job or an output, part of paths. */
bool is_part_name(const char *text);
