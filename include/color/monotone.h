/* SPDX-License-Identifier: GPL-3.0-or-later
 * A curve through points that never overshoots: between two points it runs from the one to the
 * other without a bump, and is flat where they turn. A cubic a piece, smooth at the points.
 *
 * The slopes are the weighted harmonic means of F. N. Fritsch and J. Butland, "A method for
 * constructing local monotone piecewise cubic interpolants" (SIAM J. Sci. Stat. Comput. 5, 1984);
 * those at the ends are the three-point formula, held to the same rule (C. Moler, "Numerical
 * Computing with MATLAB", 3.6). What is outside the points goes on straight, with the slope of the
 * end. */
#pragma once

enum { MONOTONE_MAX = 64 };

struct monotone {
    int count;                                                    /* 2 to MONOTONE_MAX */
    double x[MONOTONE_MAX], y[MONOTONE_MAX], slope[MONOTONE_MAX]; /* x ascends */
};

/* Fills the slopes; the rest was filled before. */
void monotone_fit(struct monotone *curve);
double monotone_at(const struct monotone *curve, double x);
