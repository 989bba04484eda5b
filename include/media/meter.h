/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters: fed with the decoded programme from start to end, read at the end.
 *
 * Loudness after ITU-R BS.1770-4 and EBU R128 (libebur128): integrated loudness, range, and
 * the greatest momentary and short-term loudness, looked at every 10 ms; true and sample peak at
 * any rate. Spans: black and frozen picture, silent sound. Each meter belongs to one thread at a
 * time. */
#pragma once

#include "media/source.h"
#include "model/facts.h"

/* Planar float, full scale 1.0. `layout` gives each channel its place and so its weight: 1.41 for
 * those at 60 to 120 degrees, 0 for LFE; a mono programme is one channel (never counted twice). */
struct loudness_meter;
/* `range` false: no loudness range, which needs a programme of 3 s and the memory of one. */
struct loudness_meter *loudness_meter_create(int rate, const AVChannelLayout *layout, bool range,
                                             struct failure *failure);
void loudness_meter_destroy(struct loudness_meter *meter);
bool loudness_meter_feed(struct loudness_meter *meter, const float *const *channel, int frames,
                         struct failure *failure);
struct loudness {
    double integrated_lufs, lra_lu, true_peak_dbtp, sample_peak_dbfs; /* NAN: silence, or too */
    double max_momentary_lufs, max_short_term_lufs;                   /* short to measure */
};
/* May be asked more than once. */
void loudness_meter_read(struct loudness_meter *meter, struct loudness *out);

/* Silence: every channel below 0.001 (-60 dBFS) for at least 1 s. `at_s` is the time of the first
 * sample. Spans are collected in `spans` (struct span). */
struct silence_meter;
struct silence_meter *silence_meter_create(int rate, int channels);
void silence_meter_destroy(struct silence_meter *meter);
void silence_meter_feed(struct silence_meter *meter, const float *const *channel, int frames,
                        double at_s);
GArray *silence_meter_read(struct silence_meter *meter); /* at the end; a new array */

/* Black: 98 % of the pixels within the lowest 10 % of the luma range, for at least 2 s. Freeze:
 * the mean difference of luma to the first frame of the span stays below -60 dB (0.001), for at
 * least 2 s. Large pictures are sampled. Frames of any planar or packed format of at least 8 bits;
 * RGB is taken by its green; others (palettes) are passed over. */
struct picture_meter;
struct picture_meter *picture_meter_create(void);
void picture_meter_destroy(struct picture_meter *meter);
void picture_meter_feed(struct picture_meter *meter, const AVFrame *frame, double at_s,
                        double duration_s);
GArray *picture_meter_black(struct picture_meter *meter); /* at the end; new arrays */
GArray *picture_meter_freeze(struct picture_meter *meter);

/* All meters on one source, by decoding it to its end. */
struct measure_opts {
    int threads;
    bool loudness, picture; /* which meters; decoding and counting is always done */
    double from_s;          /* 0: from the start; else from there (quick looks) */
    void (*progress)(void *data, double fraction, int64_t frames); /* may be NULL */
    void *data;
};
/* Fills the measured facts and `health`. False with `failure` when reading failed; damage is only
 * counted. */
bool measure_source(struct source *source, const struct measure_opts *opts, struct facts *facts,
                    struct source_health *health, struct failure *failure);
