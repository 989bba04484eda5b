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

static void along_expression(unsigned char where, const char *outer, const char *inner, int margin,
                             char *out)
{
    if (where == 1)
        g_snprintf(out, 64, "(%s-%s)/2", outer, inner);
    else if (where == 0)
        g_snprintf(out, 64, "%d", margin);
    else
        g_snprintf(out, 64, "%s-%s-%d", outer, inner, margin);
}

void place_expressions(enum place place, int margin, const char *outer_width, const char *width,
                       const char *outer_height, const char *height, char *x, char *y)
{
    along_expression(across[place], outer_width, width, margin, x);
    along_expression(down[place], outer_height, height, margin, y);
}

int extent_pixels(struct extent extent, int whole, int otherwise)
{
    if (!extent.set)
        return otherwise;
    return (int)lround(extent.percent ? whole * extent.value / 100 : extent.value);
}
