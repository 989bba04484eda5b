/* SPDX-License-Identifier: GPL-3.0-or-later
 * Single frames that are out of place, by the mean difference of luma from frame to frame, of the
 * way from black to white.
 *
 * Repeated: differs from the one before by less than 0.0005 and an eighth of what the frames around
 * it differ, which is 0.004 at least: within moving picture, so that stills and holds don't count.
 * Animation on twos does, and so does 24 shown as 25 or 30.
 * Odd: differs by more than 0.04 from both neighbours, and these from each other by less than a
 * quarter of that: a flash frame, a frame of another take. Those within a second are one span.
 * These levels are our own: no standard has any. */
#pragma once

#include "meter_picture.h"
#include "meter_spans.h"

struct frames_meter {
    double change[PICTURE_DEPTH]; /* of the frame now, the one before … to the one before each */
    double at_s[PICTURE_DEPTH];
    struct spans odd;
    int repeated;
};

void frames_meter_init(struct frames_meter *meter);
void frames_meter_clear(struct frames_meter *meter);
void frames_meter_feed(struct frames_meter *meter, const struct picture *picture);
void frames_meter_read(struct frames_meter *meter, double end_s, struct facts *facts);
