/* SPDX-License-Identifier: GPL-3.0-or-later
 * Samples to whole numbers: rounded, clipped and counted, dithered where bits are lost to 16. The
 * dither begins with the same seeds, one a channel, in every file: the same source gives the same
 * bytes. */
#include "sndfile_private.h"

#include <math.h>

/* Where sample i of channel c is, in samples from the start of its plane. */
struct samples {
    const uint8_t *const *plane;
    int channels;
    bool planar;
};

static struct samples samples_of(const AVFrame *frame)
{
    return (struct samples){(const uint8_t *const *)frame->extended_data,
                            frame->ch_layout.nb_channels, av_sample_fmt_is_planar(frame->format)};
}

#define SAMPLE(s, type, c, i)                     \
    ((s).planar ? ((const type *)(s).plane[c])[i] \
                : ((const type *)(s).plane[0])[(size_t)(i) * (size_t)(s).channels + (size_t)(c)])

enum { BLOCK = 256 };

/* Added and taken away again, it leaves a double of less than 2^51 rounded to the nearest whole
 * number, to even where two are as near: rint() that compilers vectorise. */
static const double ROUNDER = 0x1.8p52;

void quantiser_init(struct quantiser *quantiser, int bits, enum AVSampleFormat from)
{
    *quantiser = (struct quantiser){
        .bits = bits,
        .top = ldexp(1, bits - 1),
        .dither = bits == 16 && av_get_bytes_per_sample(from) > 2,
    };
    for (unsigned c = 0; c < SOUND_CHANNELS_MAX; c++)
        quantiser->seed[c] = UINT64_C(0x9E3779B97F4A7C15) * (2 * c + 1);
}

/* Uniform in [-0.5, 0.5): xorshift64*, Vigna 2016. */
static double noise(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (double)(*seed * UINT64_C(0x2545F4914F6CDD1D) >> 11) * 0x1p-53 - 0.5;
}

/* Neighbours of a plane by a loop of their own, which compilers vectorise. */
#define LOAD(type, scale)                                                                \
    do {                                                                                 \
        const type *at = s->planar ? (const type *)s->plane[c] + from                    \
                                   : (const type *)s->plane[0] + from * s->channels + c; \
        for (int i = 0; s->planar && i < count; i++)                                     \
            block[i] = (double)at[i] * (scale);                                          \
        for (int i = 0; !s->planar && i < count; i++)                                    \
            block[i] = (double)at[(ptrdiff_t)i * s->channels] * (scale);                 \
    } while (0)

/* Full scale is 1. */
static bool load(const struct samples *s, enum AVSampleFormat format, int c, int from, int count,
                 double block[BLOCK])
{
    switch (format) {
    case AV_SAMPLE_FMT_S16:
        LOAD(int16_t, 0x1p-15);
        return true;
    case AV_SAMPLE_FMT_S32:
        LOAD(int32_t, 0x1p-31);
        return true;
    case AV_SAMPLE_FMT_FLT:
        LOAD(float, 1);
        return true;
    case AV_SAMPLE_FMT_DBL:
        LOAD(double, 1);
        return true;
    default:
        return false;
    }
}

/* Whether all are numbers within full scale. In lanes, and without a branch, for the vectoriser. */
static bool is_tame(const double block[BLOCK], int count)
{
    enum { LANES = 8 };
    double highest[LANES] = {0}, nothing[LANES] = {0};
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            double sample = block[i + lane], size = fabs(sample);
            highest[lane] = size > highest[lane] ? size : highest[lane];
            nothing[lane] += sample - sample; /* NAN where it is none, or infinite */
        }
    bool tame = true;
    for (int lane = 0; lane < LANES; lane++)
        tame &= highest[lane] <= 1 && nothing[lane] == 0;
    for (int i = whole; i < count; i++)
        tame &= fabs(block[i]) <= 1;
    return tame;
}

/* What is no number is silence; what is beyond full scale is counted. */
static void tame(struct quantiser *q, double block[BLOCK], int count)
{
    for (int i = 0; i < count; i++) {
        block[i] = block[i] == block[i] ? block[i] : 0;
        q->clipped += fabs(block[i]) > 1;
    }
}

/* To steps of the file. */
static void scale(struct quantiser *q, double block[BLOCK], int count)
{
    const double top = q->top;
    if (!is_tame(block, count))
        tame(q, block, count);
    for (int i = 0; i < count; i++)
        block[i] *= top;
}

/* Not beyond full scale, where noise would only take off. */
static void dither(struct quantiser *q, int c, double block[BLOCK], int count)
{
    uint64_t *seed = &q->seed[c % SOUND_CHANNELS_MAX];
    for (int i = 0; i < count; i++) {
        double added = noise(seed) + noise(seed);
        block[i] += block[i] > q->top - 1 || block[i] < -q->top ? 0 : added;
    }
}

static void store(const struct quantiser *q, const double block[BLOCK], int count, int32_t *out,
                  int stride)
{
    const double most = q->top - 1, least = -q->top;
    const int shift = 32 - q->bits;
    int32_t whole[BLOCK];
    for (int i = 0; i < count; i++) {
        double steps = block[i] > most ? most : block[i];
        steps = steps < least ? least : steps;
        whole[i] = (int32_t)((uint32_t)(int32_t)(steps + ROUNDER - ROUNDER) << shift);
    }
    for (int i = 0; i < count; i++)
        out[(ptrdiff_t)i * stride] = whole[i];
}

bool quantise(struct quantiser *q, const AVFrame *frame, int32_t *out)
{
    struct samples s = samples_of(frame);
    enum AVSampleFormat format = av_get_packed_sample_fmt(frame->format);
    double block[BLOCK];
    for (int c = 0; c < s.channels; c++)
        for (int from = 0; from < frame->nb_samples; from += BLOCK) {
            int count = MIN(BLOCK, frame->nb_samples - from);
            if (!load(&s, format, c, from, count, block))
                return false;
            scale(q, block, count);
            if (q->dither)
                dither(q, c, block, count);
            store(q, block, count, out + (ptrdiff_t)from * s.channels + c, s.channels);
        }
    return true;
}

bool sound_floats(const AVFrame *frame, float *out)
{
    struct samples s = samples_of(frame);
    enum AVSampleFormat format = av_get_packed_sample_fmt(frame->format);
    for (int i = 0; i < frame->nb_samples; i++)
        for (int c = 0; c < s.channels; c++, out++) {
            if (format == AV_SAMPLE_FMT_S16)
                *out = SAMPLE(s, int16_t, c, i) * 0x1p-15f;
            else if (format == AV_SAMPLE_FMT_S32)
                *out = (float)(SAMPLE(s, int32_t, c, i) * 0x1p-31);
            else if (format == AV_SAMPLE_FMT_FLT)
                *out = SAMPLE(s, float, c, i);
            else if (format == AV_SAMPLE_FMT_DBL)
                *out = (float)SAMPLE(s, double, c, i);
            else
                return false;
        }
    return true;
}
