/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a camera moved from one frame to the next: a shift, a turn and a zoom about the middle,
 * fitted to all of the picture (B. D. Lucas, T. Kanade, "An Iterative Image Registration
 * Technique", 1981: Gauss-Newton on differences of brightness), from coarse to fine on a picture at
 * most 400 pixels wide. What moves by itself counts less the worse it fits; a change of brightness
 * is left out. A shift along an axis is told by slopes along it of more than 3 codes (of 8 bits) a
 * pixel, at a tenth of the pixels in 6 of 16 parts of the picture; without, it is 0, and so are
 * turn and zoom. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Where the content of the frame before went. */
struct motion {
    double x, y;  /* square pixels of the picture, as high as those that are stored */
    double angle; /* radians, from x to y */
    double zoom;  /* logarithm of how much larger it became */
    bool cut;     /* the two have nothing to do with one another; the rest is 0 */
};

struct motion_meter;
/* `sar` is how wide stored pixels are. */
struct motion_meter *motion_meter_create(int width, int height, double sar);
void motion_meter_destroy(struct motion_meter *meter); /* NULL is fine */

struct luma_plane {
    const guint8 *data;
    int stride, bytes;
    double black, span; /* code values: of black, and from it to white */
};
/* The next frame. The first one hasn't moved. */
struct motion motion_meter_next(struct motion_meter *meter, const struct luma_plane *luma);
