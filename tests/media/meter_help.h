/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the meter: tones of 1 kHz on their way into it. */
#pragma once

#include "media/meter.h"

#include <glib.h>
#include <math.h>

enum { CHANNELS_MOST = 24 };

/* A tone for some seconds, at one level in all channels; -INFINITY is silence. */
struct part {
    double seconds, dbfs;
};

struct feed {
    struct loudness_meter *meter;
    int rate, channels;
    int64_t at; /* samples */
};
struct feed feed_open(const char *layout, int rate); /* libav's name of a layout */
void feed_tone(struct feed *feed, double seconds, const double *levels); /* dBFS, a channel each */
void feed_part(struct feed *feed, struct part part);
/* Reads and destroys the meter; `gated` is NULL. */
struct loudness feed_close(struct feed *feed);

/* Stereo: the parts one after the other, and that some times over. */
struct loudness heard(const struct part *parts, int count, int times, int rate);
#define HEARD(rate, times, ...)               \
    heard((const struct part[]){__VA_ARGS__}, \
          sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part), times, rate)

double amplitude_of(double dbfs);
/* The tolerance of Tech 3341. */
#define assert_lu(value, expected) g_assert_cmpfloat_with_epsilon(value, expected, 0.1)
