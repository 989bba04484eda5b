/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media/limiter.h"

#include "envelope.h"
#include "oversample.h"

#include <math.h>
#include <string.h>

/* The reading after the last of a step has its neighbours in the same block. */
enum { STEP = OVERSAMPLE_BLOCK - 1, BEFORE = OVERSAMPLE_TAPS };

static const double ATTACK_S = 0.002, MARGIN_DB = 0.002, GAIN_LEAST = 1e-9;
enum { ATTACK_MIN = 16, REACH = 18 };

/* By how much the crest of a sine through three readings can exceed the greatest of them. */
static const float CREST_MOST = 1.4143F;

struct limiter {
    struct oversampler oversampler;
    struct envelope *envelope;
    double ceiling;
    int channels, latency;
    int64_t position; /* of what comes out next; below 0 it is no programme */
    int64_t limited;
    double least; /* gain so far */
    float *lines; /* of each channel: the last `latency` samples, then a step and more */
    double needs[STEP];
};

static gsize line_length(const struct limiter *limiter)
{
    return (gsize)limiter->latency + OVERSAMPLE_BLOCK;
}

static float *line_of(const struct limiter *limiter, int c)
{
    return limiter->lines + (gsize)c * line_length(limiter);
}

struct limiter *limiter_create(int rate, int channels, double ceiling_dbtp, double release_ms)
{
    struct limiter *limiter = g_new0(struct limiter, 1);
    oversampler_init(&limiter->oversampler);
    int attack = MAX((int)lround(rate * ATTACK_S), ATTACK_MIN);
    limiter->envelope = envelope_create(attack, REACH, fmax(release_ms / 1000 * rate, 1));
    limiter->ceiling = pow(10, (ceiling_dbtp - MARGIN_DB) / 20);
    limiter->channels = channels;
    limiter->latency = OVERSAMPLE_AHEAD + envelope_latency(limiter->envelope);
    limiter->position = -limiter->latency;
    limiter->least = 1;
    limiter->lines = g_new0(float, (gsize)channels *line_length(limiter));
    return limiter;
}

void limiter_destroy(struct limiter *limiter)
{
    if (!limiter)
        return;
    envelope_destroy(limiter->envelope);
    g_free(limiter->lines);
    g_free(limiter);
}

int limiter_latency(const struct limiter *limiter)
{
    return limiter->latency;
}

static void append(struct limiter *limiter, float *const *channel, int from, int frames)
{
    for (int c = 0; c < limiter->channels; c++) {
        float *line = line_of(limiter, c) + limiter->latency;
        for (int i = 0; i < frames; i++)
            line[i] = isfinite(channel[c][from + i]) ? channel[c][from + i] : 0;
    }
}

/* Of the sine through three readings, the middle one the greatest. */
static float crest(float before, float at, float after)
{
    float sum = before + after, across = before - after;
    float sine = 4 * at * at - sum * sum; /* squared, times 4 at^2 */
    if (fabsf(before) > fabsf(at) || fabsf(after) > fabsf(at) || !(sine > 0))
        return fabsf(at);
    return fabsf(at) * sqrtf(1 + across * across / sine);
}

static float highest(const float *samples, int count)
{
    float most = 0;
    for (int i = 0; i < count; i++)
        most = fmaxf(most, fabsf(samples[i]));
    return most;
}

/* Readings 0 to 5: the quarter before a sample, the sample, the three after it, the next. */
static void read_channel(struct limiter *limiter, const float *line, int frames)
{
    const float *samples = line + limiter->latency - BEFORE;
    const float *at = samples + OVERSAMPLE_TAPS - OVERSAMPLE_AHEAD;
    float between[OVERSAMPLE_PHASES][OVERSAMPLE_BLOCK];
    struct stretch stretch = stretch_of(samples + 2, BEFORE - 2 + frames);
    if (oversampler_most(&limiter->oversampler, stretch) * CREST_MOST <= limiter->ceiling)
        return;
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++)
        oversample(&limiter->oversampler, phase, samples, between[phase]);
    for (int i = 0; i < frames; i++) {
        const float r[] = {between[2][i],     at[i],    between[0][i + 1], between[1][i + 1],
                           between[2][i + 1], at[i + 1]};
        if (highest(r + 1, 4) * CREST_MOST <= limiter->ceiling)
            continue;
        float peak = 0;
        for (int k = 1; k <= 4; k++)
            peak = fmaxf(peak, crest(r[k - 1], r[k], r[k + 1]));
        limiter->needs[i] = fmin(limiter->needs[i], limiter->ceiling / peak);
    }
}

static void put_out(struct limiter *limiter, float *const *channel, int from, int frames)
{
    for (int i = 0; i < frames; i++) {
        double gain = envelope_next(limiter->envelope, limiter->needs[i]);
        limiter->needs[i] = gain;
        if (limiter->position++ < 0)
            continue;
        limiter->least = fmin(limiter->least, gain);
        limiter->limited += gain < 1;
    }
    for (int c = 0; c < limiter->channels; c++) {
        float *line = line_of(limiter, c);
        for (int i = 0; i < frames; i++)
            channel[c][from + i] = (float)(line[i] * limiter->needs[i]);
        memmove(line, line + frames, (gsize)limiter->latency * sizeof *line);
    }
}

void limiter_run(struct limiter *limiter, float *const *channel, int frames)
{
    for (int done = 0; done < frames;) {
        int step = MIN(frames - done, STEP);
        append(limiter, channel, done, step);
        for (int i = 0; i < step; i++)
            limiter->needs[i] = 1;
        for (int c = 0; c < limiter->channels; c++)
            read_channel(limiter, line_of(limiter, c), step);
        put_out(limiter, channel, done, step);
        done += step;
    }
}

struct limited limiter_read(const struct limiter *limiter)
{
    struct limited limited = {0, 0};
    if (limiter->limited)
        limited = (struct limited){-20 * log10(fmax(limiter->least, GAIN_LEAST)),
                                   (double)limiter->limited / (double)limiter->position};
    return limited;
}
