/* SPDX-License-Identifier: GPL-3.0-or-later
 * The size that `resize` comes to: the same for a frame and a still. */
#pragma once

#include "resize.h"

/* What to scale to, and, for `fill`, the box to keep of it afterwards (else the same size). */
struct fitted {
    int width, height;
    int keep_width, keep_height;
};

/* Of a picture of `width` x `height` square pixels; sizes are multiples of the steps. */
struct fitted resize_fit(const struct resize *resize, int width, int height, int step_x,
                         int step_y);
