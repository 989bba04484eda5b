/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tree of a condition: between when_parse (when_parse.c) and its uses (when.c). */
#pragma once

#include "base/unit.h"
#include "lang/when.h"

enum when_kind { WHEN_OR, WHEN_AND, WHEN_NOT, WHEN_KNOWN, WHEN_COMPARE };

enum when_op { WHEN_EQUAL, WHEN_NOT_EQUAL, WHEN_LESS, WHEN_AT_MOST, WHEN_MORE, WHEN_AT_LEAST };
extern const char *const when_op_text[]; /* in the order of when_op */

struct when {
    enum when_kind kind;
    GPtrArray *parts; /* or, and: two or more; not: one; else NULL */
    const struct fact *fact;
    enum when_op op;
    char *text;   /* the value, canonical */
    double value; /* numbers and ratios */
    bool truth;   /* bools */
};

struct when *when_new(enum when_kind kind);
/* The unit that a fact is measured in. */
enum unit fact_unit(const struct fact *fact);
