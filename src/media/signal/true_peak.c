/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "true_peak.h"

#include "oversample.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { TAPS = OVERSAMPLE_TAPS, BLOCK = OVERSAMPLE_BLOCK };

/* A channel: the last TAPS - 1 samples, then the block that is being filled. */
struct line {
    float samples[TAPS - 1 + BLOCK];
    struct stretch last; /* of the block before */
};

struct true_peak {
    struct oversampler oversampler;
    int channels, filled;
    struct peaks peaks;
    struct line lines[];
};

struct true_peak *true_peak_create(int channels)
{
    struct true_peak *meter = g_malloc0(sizeof *meter + (gsize)channels * sizeof meter->lines[0]);
    meter->channels = channels;
    oversampler_init(&meter->oversampler);
    return meter;
}

void true_peak_destroy(struct true_peak *meter)
{
    g_free(meter);
}

/* Between the samples of a block, where it could be more than `peak`. */
static float highest_between(const struct oversampler *oversampler, const float *samples,
                             float bend, float peak)
{
    for (int at = 0; at < BLOCK; at += OVERSAMPLE_GROUP) {
        const float *ends = samples + at + OVERSAMPLE_AHEAD - 1;
        struct stretch near = {oversample_ends(ends), bend};
        if (oversampler_most(oversampler, near) > peak)
            peak = fmaxf(peak, oversampler->highest(oversampler->taps, samples + at));
    }
    return peak;
}

static void end_block(struct true_peak *meter, struct line *line)
{
    struct peaks *peaks = &meter->peaks;
    struct stretch own = stretch_of(line->samples + TAPS - 1, BLOCK),
                   reached = {fmaxf(own.highest, line->last.highest),
                              fmaxf(own.bend, line->last.bend)};
    peaks->sample_peak = fmaxf(peaks->sample_peak, own.highest);
    peaks->true_peak = fmaxf(peaks->true_peak, own.highest);
    if (oversampler_most(&meter->oversampler, reached) > peaks->true_peak)
        peaks->true_peak =
            highest_between(&meter->oversampler, line->samples, reached.bend, peaks->true_peak);
    memmove(line->samples, line->samples + BLOCK, (TAPS - 1) * sizeof line->samples[0]);
    line->last = own;
}

void true_peak_feed(struct true_peak *meter, const float *const *channel, int frames)
{
    for (int done = 0; done < frames;) {
        int take = MIN(frames - done, BLOCK - meter->filled);
        for (int c = 0; c < meter->channels; c++) {
            struct line *line = &meter->lines[c];
            memcpy(line->samples + TAPS - 1 + meter->filled, channel[c] + done,
                   (size_t)take * sizeof line->samples[0]);
            if (meter->filled + take == BLOCK)
                end_block(meter, line);
        }
        meter->filled = (meter->filled + take) % BLOCK;
        done += take;
    }
}

/* What follows is silence: the block at hand is ended with it, and another passes the taps. */
struct peaks true_peak_read(const struct true_peak *meter)
{
    static const float silence[BLOCK];
    gsize size = sizeof *meter + (gsize)meter->channels * sizeof meter->lines[0];
    g_autofree struct true_peak *ended = g_memdup2(meter, size);
    g_autofree const float **channel = g_new(const float *, (gsize)ended->channels);
    for (int c = 0; c < ended->channels; c++)
        channel[c] = silence;
    true_peak_feed(ended, channel, BLOCK - ended->filled);
    true_peak_feed(ended, channel, BLOCK);
    return ended->peaks;
}
