/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dropouts: a channel is silent while others sound. In windows of 10 ms, its peak stays below
 * -60 dBFS for 0.1 s at least (its fact's least_s), and another channel's reaches -40 dBFS in that
 * time: what dies away together is none. A channel that is silent throughout is none either, but a
 * silent channel (meter/channels.h). These levels are our own. */
#pragma once

#include "spans.h"

struct dropout_channel {
    float peak;     /* of this window */
    double start_s; /* of its silence; NAN none */
    float others;   /* the highest of another channel since */
    bool sounds;    /* it was heard */
};

struct dropouts_meter {
    int rate, count, window, filled; /* samples of a window, and of this one */
    double window_s;                 /* where this one begins */
    struct dropout_channel *channels;
    struct spans spans;
};

void dropouts_meter_init(struct dropouts_meter *meter, int rate, int channels);
void dropouts_meter_clear(struct dropouts_meter *meter);
void dropouts_meter_feed(struct dropouts_meter *meter, const float *const *channel, int frames,
                         double at_s);
void dropouts_meter_read(struct dropouts_meter *meter, double end_s, struct facts *facts);
