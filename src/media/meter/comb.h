/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields: frames that are said to be progressive and show the fields of two moments, and frames
 * whose fields move in the other order than they are said to have.
 *
 * A line is held against those above and below it, and so are the lines of the frame before and the
 * frame after in its place. Of a frame of two moments the one field goes better with the frame
 * before, the other with the one after; of a whole frame neither does, whatever its lines: stripes
 * and fine detail count alike on both sides. The sums of the one way and the other differ by 1.3
 * at least (as libavfilter's idet has it) among the pixels that change by 4 % of the range from the
 * frame before to the frame after; there have to be one in 200 of them.
 * And the lines stand out: from the mean of those next to them they differ by three quarters at
 * least of what they do from that of their own field's. Of a whole picture lines are the more like
 * the nearer they are, whichever way its patterns move: most have 0.6, of the finest detail 0.8.
 * This level is our own.
 * Of frames that are said to be interlaced it is the sums alone that tell which field is first: the
 * one that is more like the frame before. Where they don't, as of a whole picture in two fields,
 * nothing is said, and neither is it of fewer than five such frames. */
#pragma once

#include "model/facts.h"
#include "picture.h"

/* Zeroed before the first frame. */
struct comb_meter {
    bool progressive, top_first; /* the frame before says so */
    int64_t frames, combed;
    int64_t ordered, misordered; /* interlaced frames whose order shows, and is another */
};

void comb_meter_feed(struct comb_meter *meter, const struct picture *picture);
void comb_meter_read(const struct comb_meter *meter, struct facts *facts);
