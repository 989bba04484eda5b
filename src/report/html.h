/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts that report.html is put together from. */
#pragma once

#include "private.h"

/* The rows of the table, as they are written. */
struct html_rows {
    GString *out;
    const struct report *report;
    bool pictured;       /* there is a column for pictures */
    unsigned row;        /* from 0 */
    gsize picture_bytes; /* that are in the page */
};

/* The output folder, from .rushes/last. */
#define LINK_TO_OUTPUTS "../../"

extern const char html_style[];
/* All the script there is: the page says by its hash that it runs no other. */
extern const char html_script[];
bool output_is_published(const struct report_output *output);
void html_problems(GString *out, const struct report *report);
void html_pictures(GString *out, const struct report *report);
void html_filter(GString *out, const struct report *report);
void html_table(GString *out, const struct report *report);
void html_times(GString *out, const struct report *report);
/* A cell: the same moment of its source and of the finished file. */
void html_glimpses(struct html_rows *rows, const struct report_output *output);
/* The curves of its glance, if any; `id` is no other's on the page. */
void html_plots(GString *out, const struct report_output *output, unsigned id);
