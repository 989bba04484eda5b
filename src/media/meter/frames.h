/* SPDX-License-Identifier: GPL-3.0-or-later
 * Single frames that are out of place, by the difference of luma from frame to frame, of the way
 * from black to white.
 *
 * Repeated: one or more, half a second at most, that differ from the one before by less than an
 * eighth of what the frames around them do, which is 0.002 at least: within moving picture, so that
 * stills and holds don't count; and not between two cuts, which are more than 0.1. It is the means
 * of cells of 8x8 that are compared, which lossy coding leaves alone for the most part; where a
 * group of pictures begins it changes them by a quarter of what movement does, and a third is the
 * limit. Animation on twos repeats, and so does 24 shown as 25 or 30.
 * Odd: differs, pixel by pixel in the mean, by more than 0.04 from both neighbours, and these from
 * each other by less than a quarter of that: a flash frame, a frame of another take. Those within a
 * second are one span.
 * These levels are our own: no standard has any. */
#pragma once

#include "picture.h"
#include "spans.h"

struct frames_meter {
    double change[2]; /* of the frame now and the one before, each to the one before it */
    double before_s;  /* when that was */
    double moved;     /* of cells, when they last did */
    double least;     /* of cells, that must move around them for those since to be alike */
    double alike_s;   /* when those began */
    int alike, repeated;
    bool intra; /* the frame before */
    struct spans odd;
};

void frames_meter_init(struct frames_meter *meter);
void frames_meter_clear(struct frames_meter *meter);
void frames_meter_feed(struct frames_meter *meter, const struct picture *picture);
void frames_meter_read(struct frames_meter *meter, double end_s, struct facts *facts);
