/* SPDX-License-Identifier: GPL-3.0-or-later
 * Black: 98 % of the pixels within the lowest 10 % of the luma range; every frame counts. Freeze:
 * the mean difference of luma to the first frame of the span stays below -60 dB (0.001), for half a
 * second at least; shorter ones are repeated frames (meter/frames.h). Where a group of pictures
 * begins, lossy coding changes by more what stands still: an intra picture after one that isn't is
 * held to that by the means of cells of 8x8, and those that follow to it. */
#pragma once

#include "picture.h"
#include "spans.h"

struct black_meter {
    struct raster reference;
    struct spans black, freeze;
    int head, tail; /* frames */
    bool seen;      /* one that wasn't black */
    bool intra;     /* the frame before */
};

void black_meter_init(struct black_meter *meter);
void black_meter_clear(struct black_meter *meter);
void black_meter_feed(struct black_meter *meter, const struct picture *picture);
void black_meter_read(struct black_meter *meter, double end_s, struct facts *facts);
