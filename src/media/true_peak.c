/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "true_peak.h"

#include "oversample.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { TAPS = OVERSAMPLE_TAPS, BLOCK = OVERSAMPLE_BLOCK, LANES = 16 };

/* A channel: the last TAPS - 1 samples, then the block that is being filled. */
struct line {
    float samples[TAPS - 1 + BLOCK];
    float last_max; /* of the block before */
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

/* In lanes, which the compiler makes one instruction of. A NaN is no peak. */
static float highest(const float *samples)
{
    float lanes[LANES] = {0};
    for (int i = 0; i < BLOCK; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            float value = fabsf(samples[i + lane]);
            lanes[lane] = value > lanes[lane] ? value : lanes[lane];
        }
    for (int lane = 1; lane < LANES; lane++)
        lanes[0] = lanes[lane] > lanes[0] ? lanes[lane] : lanes[0];
    return lanes[0];
}

static float highest_between(const struct true_peak *meter, int phase, const float *samples)
{
    float between[BLOCK];
    oversample(&meter->oversampler, phase, samples, between);
    return highest(between);
}

static void end_block(struct true_peak *meter, struct line *line)
{
    struct peaks *peaks = &meter->peaks;
    float block_max = highest(line->samples + TAPS - 1);
    bool matters = fmaxf(block_max, line->last_max) * meter->oversampler.most > peaks->true_peak;
    peaks->sample_peak = fmaxf(peaks->sample_peak, block_max);
    peaks->true_peak = fmaxf(peaks->true_peak, block_max);
    for (int phase = 0; phase < OVERSAMPLE_PHASES && matters; phase++)
        peaks->true_peak = fmaxf(peaks->true_peak, highest_between(meter, phase, line->samples));
    memmove(line->samples, line->samples + BLOCK, (TAPS - 1) * sizeof line->samples[0]);
    line->last_max = block_max;
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
