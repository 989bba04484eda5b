/* SPDX-License-Identifier: GPL-3.0-or-later
 * The box that `crop` keeps: the same for a frame and a still. */
#pragma once

#include "crop.h"

struct box {
    int x, y, width, height;
};

/* In a picture of `width` x `height` whose pixels are `sar` wide (0/1 = square), edges rounded down
 * to multiples of `step_x` and `step_y`. Always inside the picture and never empty. */
struct box crop_box(const struct crop *crop, int width, int height, struct rational sar, int step_x,
                    int step_y);

/* Of a raster of SMPTE ST 356 (D-10, IMX), 720x608 or 720x512, the picture, in `box`, and in *sar
 * the shape of its pixels: readers count the 4:3 or 16:9 that files say of the whole raster. False
 * for any other raster. */
bool crop_vbi(int width, int height, struct box *box, struct rational *sar);
