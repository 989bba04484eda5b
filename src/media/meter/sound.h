/* SPDX-License-Identifier: GPL-3.0-or-later
 * All meters of a sound track on one frame after the other, of any format; rate and layout stay
 * those of the first. Levels (loudness and peaks) are of the programme, so only the first track has
 * that meter. */
#pragma once

#include "channels.h"
#include "clip.h"
#include "dropouts.h"
#include "media/meter.h"
#include "phase.h"
#include "times.h"

#include <libswresample/swresample.h>

struct sound_meter {
    int stream;
    bool metered, levels;        /* wanted: more than counts and times, and levels */
    struct glance_meter *glance; /* fed as well; NULL none */
    int64_t samples;
    struct times_meter times;
    int rate; /* 0: none came */
    AVChannelLayout layout;
    SwrContext *convert; /* to planar float */
    AVFrame *floats;
    struct loudness_meter *loudness; /* NULL: nothing came, or no levels */
    struct silence_meter *silence;   /* NULL: nothing came, or only counts */
    struct clip_meter clip;
    struct phase_meter phase;
    struct channels_meter channels;
    struct dropouts_meter dropouts;
};

void sound_meter_init(struct sound_meter *meter, int stream);
void sound_meter_clear(struct sound_meter *meter);
bool sound_meter_feed(struct sound_meter *meter, AVFrame *frame, double at_s,
                      struct failure *failure);
/* At the end, in place of what is there. */
void sound_meter_read(struct sound_meter *meter, struct facts *facts);
