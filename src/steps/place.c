/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a box stands in a picture. */
#include "place.h"

#include <math.h>

const char *const place_names[] = {
    "center",   "top",       "bottom",      "left",         "right",
    "top-left", "top-right", "bottom-left", "bottom-right", NULL,
};

/* 0 = start, 1 = middle, 2 = end, per axis, in the order of enum place. */
static const unsigned char across[] = {1, 1, 1, 0, 2, 0, 2, 0, 2};
static const unsigned char down[] = {1, 0, 2, 1, 1, 0, 0, 2, 2};

static int along(unsigned char where, int outer, int inner, int margin)
{
    if (where == 1)
        return (outer - inner) / 2;
    return where == 0 ? margin : outer - inner - margin;
}

void place_box(enum place place, int outer_width, int outer_height, int width, int height,
               int margin, int *x, int *y)
{
    *x = along(across[place], outer_width, width, margin);
    *y = along(down[place], outer_height, height, margin);
}

void place_shares(enum place place, double *right, double *below)
{
    *right = across[place] / 2.0;
    *below = down[place] / 2.0;
}

int extent_pixels(struct extent extent, int whole, int otherwise)
{
    if (!extent.set)
        return otherwise;
    return (int)lround(extent.percent ? whole * extent.value / 100 : extent.value);
}
