/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every LUT is, whatever file it came from. */
#include "color/lut.h"

#include <math.h>

#define IDENTITY_TOLERANCE 1e-6

gsize lut_cube_points(const struct lut *lut)
{
    return (gsize)lut->cube_size * lut->cube_size * lut->cube_size;
}

static bool covers_unit(const struct lut_domain *domain)
{
    for (int c = 0; c < 3; c++)
        if (domain->min[c] > 0 || domain->max[c] < 1)
            return false;
    return true;
}

/* Whether `value` is where point `index` of `size` stands on channel `c`. */
static bool in_place(const struct lut_domain *d, int c, gsize index, unsigned size, float value)
{
    const double place = d->min[c] + ((double)d->max[c] - d->min[c]) * (double)index / (size - 1);
    return fabs(place - value) <= IDENTITY_TOLERANCE;
}

static bool curve_is_identity(const struct lut *lut)
{
    for (gsize i = 0; i < lut->curve_size; i++)
        for (int c = 0; c < 3; c++)
            if (!in_place(&lut->curve_domain, c, i, lut->curve_size, lut->curve[i][c]))
                return false;
    return lut->curve_size == 0 || covers_unit(&lut->curve_domain);
}

static bool cube_is_identity(const struct lut *lut)
{
    const gsize n = lut->cube_size, points = lut_cube_points(lut);
    for (gsize i = 0; i < points; i++) {
        const gsize at[3] = {i % n, i / n % n, i / n / n};
        for (int c = 0; c < 3; c++)
            if (!in_place(&lut->cube_domain, c, at[c], lut->cube_size, lut->cube[i][c]))
                return false;
    }
    return n == 0 || covers_unit(&lut->cube_domain);
}

bool lut_is_identity(const struct lut *lut)
{
    return curve_is_identity(lut) && cube_is_identity(lut);
}

void lut_destroy(struct lut *lut)
{
    if (!lut)
        return;
    g_free(lut->title);
    g_free(lut->name);
    g_free(lut->curve);
    g_free(lut->cube);
    g_free(lut);
}
