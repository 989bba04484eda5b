/* SPDX-License-Identifier: GPL-3.0-or-later
 * The box that `crop` keeps. */
#include "box.h"

#include <math.h>

static int on_grid(int value, int step)
{
    return value - value % step;
}

static int inside(int value, int low, int high)
{
    return MAX(low, MIN(value, high));
}

struct box crop_box(const struct crop *crop, int width, int height, struct rational sar, int step_x,
                    int step_y)
{
    struct box box = {.width = extent_pixels(crop->width, width, width),
                      .height = extent_pixels(crop->height, height, height)};
    if (crop->aspect.num) {
        double aspect = rational_value(crop->aspect) / (sar.num ? rational_value(sar) : 1);
        box.width = (int)lround(MIN(width, height * aspect));
        box.height = (int)lround(MIN(height, width / aspect));
    }
    box.width = inside(on_grid(box.width, step_x), MIN(step_x, width), width);
    box.height = inside(on_grid(box.height, step_y), MIN(step_y, height), height);
    focus_box(&crop->focus, width, height, box.width, box.height, &box.x, &box.y);
    box.x = on_grid(inside(extent_pixels(crop->x, width, box.x), 0, width - box.width), step_x);
    box.y = on_grid(inside(extent_pixels(crop->y, height, box.y), 0, height - box.height), step_y);
    return box;
}

/* Both have 16 lines of each field above the picture (ST 356, table 1). */
enum { VBI_WIDTH = 720, VBI_ROWS = 32 };

static bool is_whole_shape(double aspect)
{
    return fabs(aspect / (4 / 3.) - 1) < 0.01 || fabs(aspect / (16 / 9.) - 1) < 0.01;
}

bool crop_vbi(int width, int height, struct box *box, struct rational *sar)
{
    if (width != VBI_WIDTH || (height != 608 && height != 512))
        return false;
    *box = (struct box){0, VBI_ROWS, width, height - VBI_ROWS};
    if (sar->num > 0 && is_whole_shape(rational_value(*sar) * width / height))
        *sar = rational_make(sar->num * box->height, sar->den * height);
    return true;
}
