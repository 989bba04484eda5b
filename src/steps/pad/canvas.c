/* SPDX-License-Identifier: GPL-3.0-or-later
 * The canvas of `pad`. */
#include "canvas.h"

#include <math.h>

static int up_to_grid(int value, int step)
{
    return (value + step - 1) / step * step;
}

struct canvas pad_canvas(const struct pad *pad, int width, int height, struct rational sar,
                         int step_x, int step_y)
{
    const double wide = sar.num ? rational_value(sar) : 1;
    const int border = extent_pixels(pad->border, width, 0), left = up_to_grid(border, step_x),
              above = up_to_grid((int)lround(border * wide), step_y),
              least_width = width + 2 * left, least_height = height + 2 * above;
    struct canvas canvas = {.width = extent_pixels(pad->width, width, width),
                            .height = extent_pixels(pad->height, height, height)};
    if (pad->aspect.num) {
        const double aspect = rational_value(pad->aspect) / wide;
        canvas.width = (int)lround(least_height * aspect);
        canvas.height = (int)lround(least_width / aspect);
    }
    canvas.width = up_to_grid(MAX(canvas.width, least_width), step_x);
    canvas.height = up_to_grid(MAX(canvas.height, least_height), step_y);
    place_box((enum place)pad->place, canvas.width - 2 * left, canvas.height - 2 * above, width,
              height, 0, &canvas.x, &canvas.y);
    canvas.x += left;
    canvas.y += above;
    canvas.x -= canvas.x % step_x;
    canvas.y -= canvas.y % step_y;
    return canvas;
}
