/* SPDX-License-Identifier: GPL-3.0-or-later
 * The most bits in any second, by the times at which packets are to be decoded. */
#pragma once

#include "model/facts.h"

struct rate_meter {
    GQueue packets; /* struct of a time and a size, of the last second */
    gint64 bytes;   /* of these */
    gint64 most;
    bool timeless; /* a packet had no time: the rate isn't known */
};

void rate_meter_init(struct rate_meter *meter);
void rate_meter_clear(struct rate_meter *meter);
/* at_s: NAN where the file has no times. */
void rate_meter_feed(struct rate_meter *meter, double at_s, int bytes);
void rate_meter_read(const struct rate_meter *meter, struct facts *facts);
