/* SPDX-License-Identifier: GPL-3.0-or-later
 * Samples to whole numbers: rounded, clipped and counted, dithered where bits are lost to 16. The
 * dither begins with the same seed in every file: the same source gives the same bytes. */
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

void quantiser_init(struct quantiser *quantiser, int bits, enum AVSampleFormat from)
{
    *quantiser = (struct quantiser){
        .bits = bits,
        .top = ldexp(1, bits - 1),
        .dither = bits == 16 && av_get_bytes_per_sample(from) > 2,
        .seed = UINT64_C(0x9E3779B97F4A7C15),
    };
}

/* Uniform in [-0.5, 0.5): xorshift64*, Vigna 2016. */
static double noise(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (double)(*seed * UINT64_C(0x2545F4914F6CDD1D) >> 11) * 0x1p-53 - 0.5;
}

static int32_t round_one(struct quantiser *q, double sample)
{
    double top = q->top, steps = isnan(sample) ? 0 : sample * top;
    if (steps > top - 1 || steps < -top) {
        q->clipped += sample > 1 || sample < -1;
        return (int32_t)((uint32_t)(int32_t)(steps > 0 ? top - 1 : -top) << (32 - q->bits));
    }
    if (q->dither)
        steps += noise(&q->seed) + noise(&q->seed);
    steps = fmin(fmax(rint(steps), -top), top - 1);
    return (int32_t)((uint32_t)(int32_t)steps << (32 - q->bits));
}

bool quantise(struct quantiser *q, const AVFrame *frame, int32_t *out)
{
    struct samples s = samples_of(frame);
    enum AVSampleFormat format = av_get_packed_sample_fmt(frame->format);
    for (int i = 0; i < frame->nb_samples; i++)
        for (int c = 0; c < s.channels; c++, out++) {
            if (format == AV_SAMPLE_FMT_S16)
                *out = SAMPLE(s, int16_t, c, i) * 65536;
            else if (format == AV_SAMPLE_FMT_S32 && q->bits == 32)
                *out = SAMPLE(s, int32_t, c, i);
            else if (format == AV_SAMPLE_FMT_S32)
                *out = round_one(q, SAMPLE(s, int32_t, c, i) * 0x1p-31);
            else if (format == AV_SAMPLE_FMT_FLT)
                *out = round_one(q, SAMPLE(s, float, c, i));
            else if (format == AV_SAMPLE_FMT_DBL)
                *out = round_one(q, SAMPLE(s, double, c, i));
            else
                return false;
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
