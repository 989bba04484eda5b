/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tone maps: formulas in color/convert.h. */
#include "tone_map.h"

#include "transfer.h"

#include <math.h>

#define MOBIUS_KNEE 0.3

const char *const tone_map_names[] = {"bt2390", "hable", "mobius", "clip", NULL};

/* p: from, to; in reference whites */
static double bt2390(const double *p, double x)
{
    const double top = pq_encode(p[0] * REFERENCE_NIT), m = pq_encode(p[1] * REFERENCE_NIT) / top;
    const double e = fmin(pq_encode(x * REFERENCE_NIT) / top, 1), ks = 1.5 * m - 0.5;
    if (e <= ks || x <= 0)
        return x;
    const double t = (e - ks) / (1 - ks), t2 = t * t, t3 = t2 * t;
    const double mapped =
        (2 * t3 - 3 * t2 + 1) * ks + (t3 - 2 * t2 + t) * (1 - ks) + (-2 * t3 + 3 * t2) * m;
    return pq_decode(mapped * top) / REFERENCE_NIT;
}

static double filmic(double x)
{
    return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.3;
}

static double hable(const double *p, double x)
{
    return x <= 0 ? x : p[1] * filmic(fmin(x, p[0]) / p[1]) / filmic(p[0] / p[1]);
}

static double mobius(const double *p, double x)
{
    const double j = MOBIUS_KNEE, peak = p[0] / p[1], y = fmin(x, p[0]) / p[1];
    if (y <= j)
        return x;
    const double a = -j * j * (peak - 1) / (j * j - 2 * j + peak),
                 b = (j * j - 2 * j * peak + peak) / (peak - 1);
    return p[1] * (b * b + 2 * b * j + j * j) / (b - a) * (y + a) / (y + b);
}

static double clip(const double *p, double x)
{
    return fmin(x, p[1]);
}

static double (*const maps[TONE_COUNT])(const double *p, double x) = {
    [TONE_BT2390] = bt2390, [TONE_HABLE] = hable, [TONE_MOBIUS] = mobius, [TONE_CLIP] = clip};

struct look_function tone_map_function(enum tone_map map, double from, double to)
{
    return (struct look_function){maps[map], {from, to}, {map == TONE_BT2390 ? 0 : from}};
}

double tone_map_apply(enum tone_map map, double from, double to, double light)
{
    return maps[map]((const double[]){from, to}, light);
}
