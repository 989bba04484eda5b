/* SPDX-License-Identifier: GPL-3.0-or-later
 * A frame as the meters of moving picture see it: sampled once for all of them. */
#pragma once

#include "../signal/raster.h"

#include <libavutil/frame.h>

enum { PICTURE_NOW, PICTURE_BEFORE, PICTURE_BEFORE_THAT, PICTURE_DEPTH };

/* Rasters of 16 bits; those of frames before have another size, or none, at the beginning and
 * where the size changes. */
struct picture {
    const AVFrame *frame;
    struct raster luma[PICTURE_DEPTH]; /* all over, some half a million at most */
    struct raster rows[PICTURE_DEPTH]; /* luma of every row, of some 240 columns */
    struct raster columns;             /* luma of every column, of some 135 rows */
    struct raster color[3];            /* luma, Cb and Cr in the same places, or G, B, R: some
                                          hundred thousand. Only the first where there's one */
    int components;                    /* of `color`: 1 or 3 */
    bool rgb, full;                    /* full range */
    double black, white;               /* of luma, as 16 bits */
    double at_s, end_s, duration_s;
};

/* Takes a frame, which is only used until the next; false where its format can't be sampled. */
bool picture_take(struct picture *picture, const AVFrame *frame, double at_s, double duration_s);
void picture_clear(struct picture *picture);
/* Of luma, 0 is black and 1 is white. */
double picture_level(const struct picture *picture, double value);
