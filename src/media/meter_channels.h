/* SPDX-License-Identifier: GPL-3.0-or-later
 * Channels against one another. Silent: never above -60 dBFS, while another is. Identical: their
 * difference is 60 dB below them, over the whole programme. DC offset: the mean of all samples. */
#pragma once

#include "model/facts.h"

#include <libavutil/channel_layout.h>

struct channel_sums {
    double sum, energy;
    float peak;
};

struct channels_meter {
    AVChannelLayout layout;
    struct channel_sums *channels;
    double *apart; /* of channel a to b before it, at a * channels + b: energy of the difference */
    gint64 frames;
};

void channels_meter_init(struct channels_meter *meter, const AVChannelLayout *layout);
void channels_meter_clear(struct channels_meter *meter);
void channels_meter_feed(struct channels_meter *meter, const float *const *channel, int frames);
void channels_meter_read(const struct channels_meter *meter, struct facts *facts);
