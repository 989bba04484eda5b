/* SPDX-License-Identifier: GPL-3.0-or-later
 * The shape that `reframe` comes to: the same for a frame and a still. */
#pragma once

#include "reframe.h"

/* What is kept of the picture as it is stored, the size that this is scaled to, and the whole with
 * the place of the scaled part in it. */
struct reshaped {
    int keep_x, keep_y, keep_width, keep_height;
    int inner_width, inner_height;
    int width, height, x, y;
};

/* Of a picture of `width` x `height` pixels that are `sar` wide (0/1 = square); the result's are
 * square. Sizes and places are multiples of the steps, `keep_step_y` of what is kept. */
struct reshaped reframe_shape(const struct reframe *reframe, int width, int height,
                              struct rational sar, int step_x, int step_y, int keep_step_y);
/* Nothing to do. */
bool reframe_is_shape(const struct reshaped *to, int width, int height, struct rational sar);
/* "1920x1080 to 606x1080, cropped"; caller frees. */
char *reframe_words(const struct reframe *reframe, const struct reshaped *to, int width,
                    int height);
