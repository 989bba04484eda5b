/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts that report.html is put together from. */
#pragma once

#include "private.h"

extern const char html_style[];
bool output_is_published(const struct report_output *output);
void html_problems(GString *out, const struct report *report);
void html_pictures(GString *out, const struct report *report);
void html_table(GString *out, const struct report *report);
