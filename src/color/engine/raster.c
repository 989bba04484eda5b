/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a raster. */
#include "raster.h"

#include <math.h>

static struct coding coding_of(int bits, double black, double span)
{
    if (bits > 16)
        return (struct coding){1, 0, 1, 0};
    return (struct coding){(float)(1 / span), (float)black, (float)span,
                           (float)(ldexp(1, bits) - 1)};
}

struct raster_numbers raster_numbers(const struct raster *raster)
{
    const double step = ldexp(1, raster->bits - 8), top = ldexp(1, raster->bits) - 1;
    const double kr = raster->red_weight, kb = raster->blue_weight, kg = 1 - kr - kb;
    const bool full = raster->full_range;
    struct raster_numbers n = {
        .luma = coding_of(raster->bits, full ? 0 : 16 * step, full ? top : 219 * step),
        .chroma = coding_of(raster->bits, 128 * step, full ? top : 224 * step),
        .alpha = coding_of(raster->bits, 0, top),
    };
    if (raster->rgb)
        return n;
    n.to_r = (float)(2 * (1 - kr));
    n.to_b = (float)(2 * (1 - kb));
    n.to_gr = (float)(2 * (1 - kr) * kr / kg);
    n.to_gb = (float)(2 * (1 - kb) * kb / kg);
    n.weight_r = (float)kr;
    n.weight_g = (float)kg;
    n.weight_b = (float)kb;
    n.to_cr = (float)(0.5 / (1 - kr));
    n.to_cb = (float)(0.5 / (1 - kb));
    return n;
}
