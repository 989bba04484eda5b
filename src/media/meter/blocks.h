/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blockiness: the mean step of luma from one block of 8 columns to the next, to that between the
 * columns within, over the whole programme. 1 is none. A trend, to compare encodings of one picture
 * with: sharp pictures whose details happen to lie on the grid have some of their own. */
#pragma once

#include "model/facts.h"
#include "picture.h"

/* Zeroed before the first frame. */
struct blocks_meter {
    guint64 between, within; /* sums of steps, 16 bits */
    guint64 edges, inner;    /* how many */
};

void blocks_meter_feed(struct blocks_meter *meter, const struct picture *picture);
void blocks_meter_read(const struct blocks_meter *meter, struct facts *facts);
