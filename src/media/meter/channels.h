/* SPDX-License-Identifier: GPL-3.0-or-later
 * Channels against one another, over the whole programme. Silent: never above -60 dBFS, while
 * another is. DC offset: the mean of all samples. Identical: below 1 kHz (two poles) their
 * difference is 40 dB below them, and 12 dB in all. What was mono differs by noise after lossy
 * coding, which makes it anew for each channel higher up (MPEG-4's perceptual noise substitution);
 * that noise is 15 dB below noise of 192 kbit/s, and 50 dB below 1 kHz. These levels are our own.
 */
#pragma once

#include "model/facts.h"

#include <libavutil/channel_layout.h>

struct channel_sums {
    double sum, energy;
    double pole[2], low_energy; /* of what is below 1 kHz */
    float peak;
};

struct channels_meter {
    AVChannelLayout layout;
    struct channel_sums *channels;
    double *apart, *low_apart; /* of channel a to b before it, at a * channels + b: energy of the
                                  difference, and of that below 1 kHz */
    float **low;               /* a chunk of each, low-passed */
    double step;               /* of the low-pass */
    int room;                  /* samples of `low` */
    gint64 frames;
};

void channels_meter_init(struct channels_meter *meter, int rate, const AVChannelLayout *layout);
void channels_meter_clear(struct channels_meter *meter);
void channels_meter_feed(struct channels_meter *meter, const float *const *channel, int frames);
void channels_meter_read(const struct channels_meter *meter, struct facts *facts);
