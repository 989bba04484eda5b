/* SPDX-License-Identifier: GPL-3.0-or-later
 * A curve through points that never overshoots. */
#include "color/monotone.h"

#include <math.h>

static double width(const struct monotone *curve, int piece)
{
    return curve->x[piece + 1] - curve->x[piece];
}

static double secant(const struct monotone *curve, int piece)
{
    return (curve->y[piece + 1] - curve->y[piece]) / width(curve, piece);
}

static double inner_slope(const struct monotone *curve, int point)
{
    const double before = secant(curve, point - 1), after = secant(curve, point);
    if (before * after <= 0)
        return 0;
    const double near = width(curve, point) * 2 + width(curve, point - 1),
                 far = width(curve, point) + width(curve, point - 1) * 2;
    return (near + far) / (near / before + far / after);
}

/* Of the end of `piece`, whose neighbour is `next`. */
static double end_slope(const struct monotone *curve, int piece, int next)
{
    const double here = secant(curve, piece), there = secant(curve, next);
    const double h = width(curve, piece), k = width(curve, next);
    const double slope = ((2 * h + k) * here - h * there) / (h + k);
    if (slope * here <= 0)
        return 0;
    if (here * there <= 0 && fabs(slope) > 3 * fabs(here))
        return 3 * here;
    return slope;
}

void monotone_fit(struct monotone *curve)
{
    const int last = curve->count - 1;
    if (last == 1) {
        curve->slope[0] = curve->slope[1] = secant(curve, 0);
        return;
    }
    curve->slope[0] = end_slope(curve, 0, 1);
    curve->slope[last] = end_slope(curve, last - 1, last - 2);
    for (int i = 1; i < last; i++)
        curve->slope[i] = inner_slope(curve, i);
}

double monotone_at(const struct monotone *curve, double x)
{
    const int last = curve->count - 1;
    if (x <= curve->x[0])
        return curve->y[0] + curve->slope[0] * (x - curve->x[0]);
    if (x >= curve->x[last])
        return curve->y[last] + curve->slope[last] * (x - curve->x[last]);
    int i = 0;
    while (x >= curve->x[i + 1])
        i++;
    const double h = width(curve, i), t = (x - curve->x[i]) / h, u = 1 - t;
    return u * u * (1 + 2 * t) * curve->y[i] + t * t * (1 + 2 * u) * curve->y[i + 1] +
           h * t * u * (u * curve->slope[i] - t * curve->slope[i + 1]);
}
