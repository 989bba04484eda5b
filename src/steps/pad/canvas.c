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
    struct canvas canvas = {.width = extent_pixels(pad->width, width, width),
                            .height = extent_pixels(pad->height, height, height)};
    if (pad->aspect.num) {
        double aspect = rational_value(pad->aspect) / (sar.num ? rational_value(sar) : 1);
        canvas.width = (int)lround(height * aspect);
        canvas.height = (int)lround(width / aspect);
    }
    canvas.width = up_to_grid(MAX(canvas.width, width), step_x);
    canvas.height = up_to_grid(MAX(canvas.height, height), step_y);
    place_box((enum place)pad->place, canvas.width, canvas.height, width, height, 0, &canvas.x,
              &canvas.y);
    canvas.x -= canvas.x % step_x;
    canvas.y -= canvas.y % step_y;
    return canvas;
}
