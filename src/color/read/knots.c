/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves given as points anywhere. */
#include "knots.h"

#include "half.h"

#include <math.h>

#define GRID_TOLERANCE 1e-6 /* of the range */
#define GRID_CROWDED 8      /* even steps between the two nearest points, at least */

static double range_of(const struct knots *k)
{
    return k->in[k->count - 1] - k->in[0];
}

/* At x, which doesn't fall from call to call; `*piece` remembers where. */
static double value_at(const struct knots *k, double x, guint *piece)
{
    if (x <= k->in[0])
        return k->out[0];
    if (x >= k->in[k->count - 1])
        return k->out[k->count - 1];
    while (k->in[*piece + 1] < x)
        ++*piece;
    const double from = k->in[*piece], to = k->in[*piece + 1];
    const double part = (x - from) / (to - from);
    return k->out[*piece] + part * (k->out[*piece + 1] - k->out[*piece]);
}

/* Whether every point has a place of its own among so many even steps. */
static bool fits(const struct knots *k, int steps)
{
    double last = 0;
    for (guint i = 1; i < k->count - 1; i++) {
        const double place = (k->in[i] - k->in[0]) / range_of(k) * steps, nearest = round(place);
        if (fabs(place - nearest) > GRID_TOLERANCE * steps || nearest <= last)
            return false;
        last = nearest;
    }
    return last < steps;
}

/* The least number of even steps on which all points stand; 0: none. */
static int even_steps(const struct knots knots[3])
{
    for (int steps = 1; steps < LOOK_CURVES_MAX; steps++)
        if (fits(&knots[0], steps) && fits(&knots[1], steps) && fits(&knots[2], steps))
            return steps;
    return 0;
}

static bool is_crowded(const struct knots *k)
{
    const double least = GRID_CROWDED * range_of(k) / (LOOK_CURVES_MAX - 1);
    for (guint i = 1; i < k->count; i++)
        if (k->in[i] - k->in[i - 1] < least)
            return true;
    return false;
}

static void add_even(struct look *look, const struct knots knots[3], int steps)
{
    struct look_table *table = look_add_table(look, LOOK_CURVES, (unsigned)steps + 1);
    for (int c = 0; c < 3; c++) {
        const double from = knots[c].in[0], range = range_of(&knots[c]);
        table->domain.min[c] = (float)from;
        table->domain.max[c] = (float)(from + range);
        guint piece = 0;
        for (int i = 0; i <= steps; i++)
            table->points[i][c] = (float)value_at(&knots[c], from + range * i / steps, &piece);
    }
}

static void add_halves(struct look *look, const struct knots knots[3])
{
    struct look_table *table = look_add_halves(look);
    for (int c = 0; c < 3; c++) {
        guint piece = 0;
        for (int i = 0; i < HALF_POINTS; i++)
            table->points[i][c] = (float)value_at(&knots[c], half_at(i), &piece);
    }
}

void look_add_knots(struct look *look, const struct knots knots[3])
{
    const int steps = even_steps(knots);
    if (steps)
        add_even(look, knots, steps);
    else if (is_crowded(&knots[0]) || is_crowded(&knots[1]) || is_crowded(&knots[2]))
        add_halves(look, knots);
    else
        add_even(look, knots, LOOK_CURVES_MAX - 1);
}
