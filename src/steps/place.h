/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a box stands in a picture: shared by crop, pad, overlay and text. */
#pragma once

#include "model/param.h"

enum place {
    PLACE_CENTER,
    PLACE_TOP,
    PLACE_BOTTOM,
    PLACE_LEFT,
    PLACE_RIGHT,
    PLACE_TOP_LEFT,
    PLACE_TOP_RIGHT,
    PLACE_BOTTOM_LEFT,
    PLACE_BOTTOM_RIGHT,
};
extern const char *const place_names[];

/* The top left corner of a box of `width` x `height` at `place` in a picture of `outer_width` x
 * `outer_height`, `margin` pixels from its edges. */
void place_box(enum place place, int outer_width, int outer_height, int width, int height,
               int margin, int *x, int *y);

/* The same as shares of the way from start to end: 0, 0.5, 1. */
void place_shares(enum place place, double *right, double *below);

/* An extent in pixels: a percentage is of `whole`; unset gives `otherwise`. Rounded. */
int extent_pixels(struct extent extent, int whole, int otherwise);
