/* SPDX-License-Identifier: GPL-3.0-or-later
 * Phase: the correlation of left and right, sum(LR) / sqrt(sum(LL) sum(RR)), in windows of 3 s that
 * are looked at every 100 ms; of a shorter programme in all of it, 400 ms at least. Windows in
 * which either has less than -60 dBFS RMS don't count. Out of phase is below -0.5. */
#pragma once

#include "spans.h"

#include <libavutil/channel_layout.h>

enum { PHASE_BLOCKS = 30, PHASE_BLOCKS_LEAST = 4 };

struct phase_block {
    double cross, left, right;
};

struct phase_meter {
    int rate;
    int left, right; /* channels; -1 where there are none */
    struct phase_block blocks[PHASE_BLOCKS], now;
    int count, filled; /* blocks so far; samples of the one at hand */
    double lowest;     /* NAN: no window counted */
    struct spans spans;
};

void phase_meter_init(struct phase_meter *meter, int rate, const AVChannelLayout *layout);
void phase_meter_clear(struct phase_meter *meter);
void phase_meter_feed(struct phase_meter *meter, const float *const *channel, int frames,
                      double at_s);
void phase_meter_read(struct phase_meter *meter, double end_s, struct facts *facts);
