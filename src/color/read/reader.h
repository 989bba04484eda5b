/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the line-based readers of looks have in common: a scan, and the look it becomes. */
#pragma once

#include "color/look.h"
#include "scan.h"

#define READER_ERRORS_MAX 10
#define READER_NUMBER_MAX 1e6 /* nothing real is beyond it, and float below it is safe */

struct reader {
    struct scan scan;
    struct look *look;
};

/* False, reported, when it isn't text. `what` names the kind of file ("a .cube file"). */
bool reader_begin(struct reader *r, const char *text, gsize length, const char *name,
                  const char *what, struct diag *diag);
/* The look; NULL when errors were reported. */
struct look *reader_end(struct reader *r);

/* The next line; false at the end, and after READER_ERRORS_MAX errors. */
bool reader_next(struct reader *r);

/* The words from `first` on are exactly `count` numbers; else reported. */
bool reader_numbers(struct reader *r, int first, int count, double *out);

/* The line is one row of `channels` numbers (1: for all three), for row `row` of `promised`; what
 * isn't is reported. */
bool reader_row(struct reader *r, int channels, gsize row, gsize promised, float out[3]);
/* Reports the rows that are missing. */
void reader_too_few(struct reader *r, gsize rows, gsize promised);
