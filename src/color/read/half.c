/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables over all half floats. */
#include "half.h"

#include <math.h>

#define SMALLEST_NORMAL 0x1p-14
#define POINT_MAX 1e9 /* of a function: what is beyond it isn't colour */

double half_value(guint bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == 31)
        return fraction ? 0 : sign * 65504;
    return sign * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
}

double half_at(int point)
{
    return half_value(half_bits(point));
}

guint half_bits(int point)
{
    return point >= HALF_LAST ? (guint)(point - HALF_LAST) : 0x8000u + (guint)(HALF_LAST - point);
}

/* The signed place among the halves; 1024 of them in an octave. */
static double place(const double *p, double x)
{
    const double size = fabs(x);
    if (size < SMALLEST_NORMAL)
        return ldexp(x, 24);
    int exponent;
    const double part = frexp(size, &exponent); /* 0.5 to 1 */
    return copysign(1024 * (exponent + 13) + 2048 * part, x);
}

struct look_table *look_add_halves(struct look *look)
{
    look_add_function(look, &(struct look_function){.at = place});
    struct look_table *table = look_add_table(look, LOOK_CURVES, HALF_POINTS);
    for (int c = 0; c < 3; c++) {
        table->domain.min[c] = -HALF_LAST;
        table->domain.max[c] = HALF_LAST;
    }
    return table;
}

void look_add_by_halves(struct look *look, const struct look_function functions[3])
{
    struct look_table *table = look_add_halves(look);
    for (int i = 0; i < HALF_POINTS; i++)
        for (int c = 0; c < 3; c++) {
            const double value = functions[c].at(functions[c].p, half_at(i));
            table->points[i][c] = (float)CLAMP(value, -POINT_MAX, POINT_MAX);
        }
}
