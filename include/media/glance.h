/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers a glance (model/glance.h) of a file while something else decodes it. One thread at a
 * time. What can't be seen is left out: nothing here fails. */
#pragma once

#include "media/source.h"
#include "model/glance.h"

struct glance_meter;
/* The picture is the first at or after moment_s, which may be NAN: a third of the way. */
struct glance_meter *glance_meter_create(const struct source *source, double moment_s);
void glance_meter_destroy(struct glance_meter *meter); /* accepts NULL */
void glance_meter_picture(struct glance_meter *meter, const AVFrame *frame, double at_s);
/* Planar float, full scale 1.0, without gaps. */
void glance_meter_sound(struct glance_meter *meter, const float *const *channel, int channels,
                        int frames, int rate);
void glance_meter_packet(struct glance_meter *meter, const AVPacket *packet, double at_s);
/* Where short-term loudness goes, from the meter that has it. */
struct curve *glance_meter_loudness(struct glance_meter *meter);
/* At the end, once: the caller's. The picture is upright, at GLANCE_SIDE and below. */
struct glance *glance_meter_read(struct glance_meter *meter);

/* JPEG of sRGB; NULL when it can't be made, or not small enough. Of a decoded frame of that
 * stream, whose light is brought down where it is HDR; of the still in the file behind fd, through
 * its profile. */
GBytes *glimpse_of_frame(const AVFrame *frame, const struct source_stream *stream);
GBytes *glimpse_of_still(int fd);
/* The one that its camera left in a JPEG, which costs no decoding of the picture; often 160 by 120,
 * with bars where the picture is of another shape. */
GBytes *glimpse_at_hand(int fd);
