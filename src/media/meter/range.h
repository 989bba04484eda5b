/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels after EBU R 103 v3 (May 2020): luma and the red, green and blue that a picture of video
 * range becomes stay within -5 % to 105 % of black to white, which is 5-246 in 8 bits and 20-984 in
 * 10; what is outside is ignored up to 1 % of the image area. Pixels are sampled and not filtered
 * first, as the recommendation suggests, so that ringing of a codec counts. Full range can't leave
 * the range of luma. Matrices that aren't linear in red, green and blue are judged by luma alone.
 */
#pragma once

#include "picture.h"
#include "spans.h"

struct range_meter {
    struct spans range, gamut;
    double range_most, gamut_most; /* shares of the worst frame */
};

void range_meter_init(struct range_meter *meter);
void range_meter_clear(struct range_meter *meter);
void range_meter_feed(struct range_meter *meter, const struct picture *picture);
void range_meter_read(struct range_meter *meter, double end_s, struct facts *facts);
