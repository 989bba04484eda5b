/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves given as points anywhere, straight in between and constant beyond the ends: shapers. */
#pragma once

#include "color/look.h"

#include <stdbool.h>

/* At least two; `in` rises. */
struct knots {
    guint count;
    const double *in, *out;
};

/* As curves of the look, one of `knots` per channel. Exact to 1e-6 of the range where all points
 * fit on an even grid of up to LOOK_CURVES_MAX points. Else at that many even points, or at all
 * half floats where points are too close together for those: straight pieces stay, and only a
 * corner between two of the new points is cut. */
void look_add_knots(struct look *look, const struct knots knots[3]);
