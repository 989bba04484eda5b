/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media/limiter.h"

#include "envelope.h"
#include "oversample.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The reading after the last of a step has its neighbours in the same block. */
enum { STEP = OVERSAMPLE_BLOCK - 1, BEFORE = OVERSAMPLE_TAPS };

static const double ATTACK_S = 0.002, MARGIN_DB = 0.002;
/* Beyond it squares of squares of readings wouldn't be finite. */
static const float LOUDEST = 1e8F;
enum { ATTACK_MIN = OVERSAMPLE_TAPS, REACH = 18 };

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
        const float *samples = channel[c] + from;
        for (int i = 0; i < frames; i++)
            line[i] = isfinite(samples[i]) ? CLAMP(samples[i], -LOUDEST, LOUDEST) : 0;
    }
}

/* Squares: of a sine through three readings, where the middle one is the greatest; else of that
 * reading. A greater one stays. Without branches, so that the compiler makes one instruction of
 * several. `sine` is squared, times 4 squares: a product that is only 0 where all three are the
 * same. */
static void raise_to_crests(float *restrict squares, const float *restrict before,
                            const float *restrict at, const float *restrict after, int frames)
{
    for (int i = 0; i < frames; i++) {
        float b = before[i], m = at[i], a = after[i], square = m * m;
        float sine = fabsf(((m - b) + (m - a)) * ((m + b) + (m + a))) + FLT_MIN;
        float top = (float)((b * b <= square) & (a * a <= square));
        float crest = square + top * square * (b - a) * (b - a) / sine;
        squares[i] = crest > squares[i] ? crest : squares[i];
    }
}

/* Readings of each sample: itself, and the three between it and the next. */
static void read_channel(struct limiter *limiter, const float *line, int frames)
{
    const float *samples = line + limiter->latency - BEFORE;
    const float *at = samples + OVERSAMPLE_TAPS - OVERSAMPLE_AHEAD;
    float between[OVERSAMPLE_PHASES][OVERSAMPLE_BLOCK], squares[STEP] = {0};
    struct stretch stretch = stretch_of(samples + 2, BEFORE - 2 + frames);
    if (oversampler_most(&limiter->oversampler, stretch) * CREST_MOST <= limiter->ceiling)
        return;
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++)
        oversample(&limiter->oversampler, phase, samples, between[phase]);
    raise_to_crests(squares, between[2], at, between[0] + 1, frames);
    raise_to_crests(squares, at, between[0] + 1, between[1] + 1, frames);
    raise_to_crests(squares, between[0] + 1, between[1] + 1, between[2] + 1, frames);
    raise_to_crests(squares, between[1] + 1, between[2] + 1, at + 1, frames);
    for (int i = 0; i < frames; i++)
        if (squares[i] > limiter->ceiling * limiter->ceiling)
            limiter->needs[i] = fmin(limiter->needs[i], limiter->ceiling / sqrt(squares[i]));
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
        limited = (struct limited){-20 * log10(limiter->least),
                                   (double)limiter->limited / (double)limiter->position};
    return limited;
}
