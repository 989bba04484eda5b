/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters: fed with the decoded programme from start to end, read at the end.
 *
 * Loudness after ITU-R BS.1770-4 and EBU R 128, true and sample peak at any rate, RMS and noise
 * floor. Spans: black and frozen picture, silent sound. Each meter belongs to one thread at a
 * time. */
#pragma once

#include "media/source.h"
#include "model/facts.h"
#include "model/gated.h"
#include "model/glance.h"

/* Planar float, full scale 1.0. `layout` gives each channel its place and so its weight (BS.1770-4
 * Annex 3): 1.41 for those at 60 to 120 degrees, 0 for LFE, else 1; a mono programme is one channel
 * (never counted twice). What isn't a finite number is taken as silence. Results are the same, to
 * the bit, however the signal is cut into calls. */
struct loudness_meter;
struct loudness_meter *loudness_meter_create(int rate, const AVChannelLayout *layout,
                                             struct failure *failure);
void loudness_meter_destroy(struct loudness_meter *meter);
bool loudness_meter_feed(struct loudness_meter *meter, const float *const *channel, int frames,
                         struct failure *failure);
/* NAN: silence, or too short to measure. */
struct loudness {
    double integrated_lufs; /* by libebur128; 400 ms at least */
    double lra_lu;          /* after Tech 3342 v3; 3 s at least */
    bool lra_stable;        /* of 60 s at least (Tech 3341) */
    double true_peak_dbtp, sample_peak_dbfs;
    double max_momentary_lufs, max_short_term_lufs; /* looked at every 10 ms */
    double rms_dbfs; /* unweighted, of the channel that has most; a full-scale sine is -3.01 */
    double
        noise_floor_dbfs; /* RMS of the quietest 500 ms, looked at every 10 ms: of the channel that
                             has most in it; windows that touch digital silence don't count */
    const struct gated *gated; /* lives as long as the meter */
};
/* At the end of the programme; may be asked more than once. */
void loudness_meter_read(struct loudness_meter *meter, struct loudness *out);
/* The same as measured facts. NULL: nothing was heard, and they stay unknown. */
void loudness_to_facts(struct loudness_meter *meter, struct facts *facts);
/* Short-term loudness along the programme; nothing of one that is shorter than 3 s. */
void loudness_to_curve(const struct loudness_meter *meter, struct curve *curve);

/* Silence: every channel below 0.001 (-60 dBFS) for 0.1 s at least (its fact's least_s). `at_s` is
 * the time of the first sample. Spans are collected in `spans` (struct span). */
struct silence_meter;
struct silence_meter *silence_meter_create(int rate, int channels);
void silence_meter_destroy(struct silence_meter *meter);
void silence_meter_feed(struct silence_meter *meter, const float *const *channel, int frames,
                        double at_s);
GArray *silence_meter_read(struct silence_meter *meter); /* at the end; a new array */

/* Moving picture: all of its meters at once, each described in its header (meter_black.h and
 * others of src/media). Large pictures are sampled. Frames of any planar or packed format of at
 * least 8 bits; RGB is taken by its green where luma counts; others (palettes) are passed over. */
struct picture_meter;
struct picture_meter *picture_meter_create(void);
void picture_meter_destroy(struct picture_meter *meter);
void picture_meter_feed(struct picture_meter *meter, const AVFrame *frame, double at_s,
                        double duration_s);
/* At the end. */
void picture_meter_read(struct picture_meter *meter, struct facts *facts);

/* All meters on one source, by decoding it to its end. */
struct glance_meter;
struct measure_opts {
    int threads;
    bool loudness, picture;      /* which meters; decoding and counting is always done */
    struct glance_meter *glance; /* media/glance.h: fed as well; NULL none */
    bool sound_only;             /* the picture isn't decoded */
    bool tracks;                 /* all sound tracks are decoded, those after the first for `tap` */
    /* Hears of each decoded frame besides; false with `failure` ends it. NULL nobody. */
    bool (*tap)(void *ear, const struct source_item *item, struct failure *failure);
    void *ear;
    double from_s; /* 0: from the start; else from there (quick looks) */
    void (*progress)(void *data, double fraction, int64_t frames); /* may be NULL */
    void *data;
};
/* How many threads the decoder of what is measured has: one more than the task, since they wait
 * while the meters look at a frame. One stays one. */
int measure_threads(int threads);
/* Fills the measured facts and `health`. False with `failure` when reading failed; damage is only
 * counted. */
bool measure_source(struct source *source, const struct measure_opts *opts, struct facts *facts,
                    struct source_health *health, struct failure *failure);
