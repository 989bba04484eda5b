/* SPDX-License-Identifier: GPL-3.0-or-later
 * The canvas of `pad`: the same for a frame and a still. */
#pragma once

#include "pad.h"

struct canvas {
    int width, height, x, y;
};

/* For a picture of `width` x `height` whose pixels are `sar` wide (0/1 = square); sizes and the
 * picture's place are multiples of the steps. Never smaller than the picture. */
struct canvas pad_canvas(const struct pad *pad, int width, int height, struct rational sar,
                         int step_x, int step_y);
