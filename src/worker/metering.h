/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames of sound into a loudness meter, which is made for the first of them. One thread. */
#pragma once

#include "media/meter.h"

struct metering {
    struct loudness_meter *meter; /* NULL: no frame yet */
    int64_t samples;
    int rate, channels;
    float **planes; /* of `room` samples, for what isn't float */
    int room;
};
/* Planar float, and what sound files have: planar whole numbers of 16 and 32 bits. */
bool metering_hears(enum AVSampleFormat format);
/* Of such a format. */
bool metering_take(struct metering *metering, const AVFrame *frame, struct failure *failure);
/* The measured facts, and the counts. Silence, and what is too short, has no loudness: NAN. */
void metering_read(const struct metering *metering, struct facts *facts);
void metering_clear(struct metering *metering);
