/* SPDX-License-Identifier: GPL-3.0-or-later
 * The size that `resize` comes to. */
#include "fit.h"

#include <math.h>

static int on_grid(double value, int step)
{
    int rounded = (int)lround(value / step) * step;
    return MAX(rounded, step);
}

static double factor(struct extent extent, int whole)
{
    return extent.percent ? extent.value / 100 : extent.value / whole;
}

/* The factor of each axis for a box; one side unset follows the other. */
static void factors(const struct resize *resize, int width, int height, double *across,
                    double *down)
{
    *across = factor(resize->width, width);
    *down = factor(resize->height, height);
    if (!resize->width.set)
        *across = *down;
    if (!resize->height.set)
        *down = *across;
}

struct fitted resize_fit(const struct resize *resize, int width, int height, int step_x, int step_y)
{
    double across, down;
    factors(resize, width, height, &across, &down);
    double box_width = across * width, box_height = down * height;
    if (resize->fit == FIT_INSIDE)
        across = down = MIN(across, down);
    else if (resize->fit != FIT_STRETCH)
        across = down = MAX(across, down);
    if (!resize->upscale) {
        across = MIN(across, 1);
        down = MIN(down, 1);
    }
    struct fitted fitted = {.width = on_grid(width * across, step_x),
                            .height = on_grid(height * down, step_y)};
    fitted.keep_width = fitted.width;
    fitted.keep_height = fitted.height;
    if (resize->fit == FIT_FILL) {
        fitted.keep_width = MIN(fitted.width, on_grid(box_width, step_x));
        fitted.keep_height = MIN(fitted.height, on_grid(box_height, step_y));
    }
    return fitted;
}
