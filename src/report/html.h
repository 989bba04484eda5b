/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts that report.html is put together from. */
#pragma once

#include "private.h"

extern const char html_style[];
void html_problems(GString *out, const struct report *report);
void html_table(GString *out, const struct report *report);
