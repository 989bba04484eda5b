/* SPDX-License-Identifier: GPL-3.0-or-later
 * Clipping: runs of three samples and more at full scale in a channel. Full scale is the highest
 * code of 16 bits, 32767/32768, and above; of 8 bits that of them, 127/128. Runs within a second of
 * one another are one span; how much of a second is in runs is told beside, so that sound that
 * clips throughout is no single run like others. A loud tone of few hertz stays that long at its
 * crest, too. */
#pragma once

#include "spans.h"

struct clip_meter {
    int rate, channels;
    float full_scale;
    int *run;          /* of each channel: samples so far */
    int *clipped;      /* of each: those in runs, of this second */
    int filled, worst; /* samples of this second; the most of one */
    struct spans spans;
};

void clip_meter_init(struct clip_meter *meter, int rate, int channels, bool bytes);
void clip_meter_clear(struct clip_meter *meter);
void clip_meter_feed(struct clip_meter *meter, const float *const *channel, int frames,
                     double at_s);
void clip_meter_read(struct clip_meter *meter, double end_s, struct facts *facts);
