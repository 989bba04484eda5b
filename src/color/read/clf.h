/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operations of a CLF file: from an element to stages of a look. */
#pragma once

#include "color/look.h"
#include "xml.h"

struct clf {
    struct scan scan;
    struct look *look;
    /* Of the operation at hand: what its numbers going in and out are multiples of. */
    double in_scale, out_scale;
};

/* Each appends its stages, or reports and appends what it likes. */
typedef void clf_operation(struct clf *clf, const struct xml *node);
clf_operation clf_matrix, clf_lut1d, clf_lut3d, clf_range, clf_cdl, clf_exponent, clf_log;

/* The index of an attribute's value in `allowed` (NULL-terminated), `absent` when it isn't there;
 * -1, reported, for another value. */
int clf_choice(struct clf *clf, const struct xml *node, const char *key, const char *const *allowed,
               int absent);
/* Exactly `count` numbers inside of an element; else reported. */
bool clf_numbers(struct clf *clf, const struct xml *node, int count, double *out);
/* A child that must be there; NULL, reported. */
const struct xml *clf_need(struct clf *clf, const struct xml *node, const char *name);

/* Numbers that stand in attributes of elements called `name`, one for all channels or one per
 * channel ("channel" R, G, B); a channel without one keeps `out`. */
struct clf_number {
    const char *key;
    bool required;
};
enum { CLF_NUMBERS_MAX = 8 };
bool clf_parameters(struct clf *clf, const struct xml *node, const char *name,
                    const struct clf_number *numbers, double out[3][CLF_NUMBERS_MAX]);
