/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters of moving picture: black and freeze, on sampled luma of 16 bits. */
#include "media/meter.h"

#include <libavutil/pixdesc.h>
#include <math.h>

enum { SAMPLES_MAX = 1 << 19 };

static const double BLACK_LEVEL = 0.10, BLACK_SHARE = 0.98, FREEZE_LEVEL = 0.001, SPAN_S = 2;

struct spans {
    GArray *found;  /* struct span */
    double start_s; /* of the span at hand; NAN none */
};

struct picture_meter {
    guint16 *luma, *reference;
    int width, height; /* of both, sampled */
    struct spans black, freeze;
    double end_s;
};

struct picture_meter *picture_meter_create(void)
{
    struct picture_meter *meter = g_new0(struct picture_meter, 1);
    meter->black = (struct spans){g_array_new(FALSE, FALSE, sizeof(struct span)), NAN};
    meter->freeze = (struct spans){g_array_new(FALSE, FALSE, sizeof(struct span)), NAN};
    return meter;
}

void picture_meter_destroy(struct picture_meter *meter)
{
    if (!meter)
        return;
    g_array_unref(meter->black.found);
    g_array_unref(meter->freeze.found);
    g_free(meter->luma);
    g_free(meter->reference);
    g_free(meter);
}

/* One row of a component as 16 bits, every `step`th pixel. */
static void sample_row(const guint8 *row, const AVComponentDescriptor *comp, guint64 flags,
                       int step, guint16 *out, int count)
{
    const guint8 *p = row + comp->offset;
    gsize stride = (gsize)comp->step * (gsize)step;
    if (flags & AV_PIX_FMT_FLAG_FLOAT) {
        for (int i = 0; i < count; i++, p += stride)
            out[i] = (guint16)(CLAMP(*(const float *)p, 0, 1) * 65535);
    } else if (comp->depth == 8 && comp->shift == 0) {
        for (int i = 0; i < count; i++, p += stride)
            out[i] = (guint16)(*p << 8);
    } else {
        int up = 16 - comp->depth;
        gboolean big = (flags & AV_PIX_FMT_FLAG_BE) != 0;
        for (int i = 0; i < count; i++, p += stride) {
            unsigned value = big ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[1] << 8 | p[0]);
            out[i] = (guint16)(value >> comp->shift << up);
        }
    }
}

static bool can_sample(const AVPixFmtDescriptor *desc, const AVComponentDescriptor *comp)
{
    const guint64 strange = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                            AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER;
    if (desc->flags & strange)
        return false;
    if (desc->flags & AV_PIX_FMT_FLAG_FLOAT)
        return comp->depth == 32 && !(desc->flags & AV_PIX_FMT_FLAG_BE);
    return comp->depth == 8 ? comp->shift == 0 : comp->depth > 8 && comp->depth <= 16;
}

static void resize(struct picture_meter *meter, int width, int height)
{
    if (meter->width == width && meter->height == height)
        return;
    gsize count = (gsize)width * (gsize)height;
    meter->luma = g_renew(guint16, meter->luma, count);
    meter->reference = g_renew(guint16, meter->reference, count);
    meter->width = width;
    meter->height = height;
    meter->freeze.start_s = NAN;
}

static bool sample(struct picture_meter *meter, const AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const AVComponentDescriptor *comp =
        desc ? &desc->comp[desc->flags & AV_PIX_FMT_FLAG_RGB ? 1 : 0] : NULL;
    if (!comp || !can_sample(desc, comp))
        return false;
    int step = 1;
    while ((int64_t)(frame->width / step) * (frame->height / step) > SAMPLES_MAX)
        step++;
    resize(meter, frame->width / step, frame->height / step);
    for (int y = 0; y < meter->height; y++)
        sample_row(frame->data[comp->plane] + (ptrdiff_t)y * step * frame->linesize[comp->plane],
                   comp, desc->flags, step, meter->luma + (gsize)y * (gsize)meter->width,
                   meter->width);
    return true;
}

static bool full_range(const AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    return frame->color_range == AVCOL_RANGE_JPEG || (desc->flags & AV_PIX_FMT_FLAG_RGB) ||
           g_str_has_prefix(desc->name, "yuvj");
}

static bool is_black(const struct picture_meter *meter, const AVFrame *frame)
{
    double low = full_range(frame) ? 0 : 16 * 256, high = full_range(frame) ? 65535 : 235 * 256;
    guint16 limit = (guint16)(low + BLACK_LEVEL * (high - low));
    gsize count = (gsize)meter->width * (gsize)meter->height, dark = 0;
    for (gsize i = 0; i < count; i++)
        dark += meter->luma[i] <= limit;
    return (double)dark >= BLACK_SHARE * (double)count;
}

static bool is_like_reference(const struct picture_meter *meter)
{
    gsize count = (gsize)meter->width * (gsize)meter->height;
    guint64 sum = 0;
    for (gsize i = 0; i < count; i++)
        sum += (guint)abs(meter->luma[i] - meter->reference[i]);
    return (double)sum <= FREEZE_LEVEL * 65535 * (double)count;
}

static void end_span(struct spans *spans, double end_s)
{
    struct span span = {spans->start_s, end_s};
    if (!isnan(spans->start_s) && end_s - spans->start_s >= SPAN_S - 1e-6)
        g_array_append_val(spans->found, span);
    spans->start_s = NAN;
}

void picture_meter_feed(struct picture_meter *meter, const AVFrame *frame, double at_s,
                        double duration_s)
{
    meter->end_s = at_s + duration_s;
    if (!sample(meter, frame))
        return;
    if (!is_black(meter, frame))
        end_span(&meter->black, at_s);
    else if (isnan(meter->black.start_s))
        meter->black.start_s = at_s;
    if (!isnan(meter->freeze.start_s) && is_like_reference(meter))
        return;
    end_span(&meter->freeze, at_s);
    meter->freeze.start_s = at_s;
    guint16 *swap = meter->reference;
    meter->reference = meter->luma;
    meter->luma = swap;
}

static GArray *read_spans(const struct picture_meter *meter, struct spans *spans)
{
    end_span(spans, meter->end_s);
    return g_array_copy(spans->found);
}

GArray *picture_meter_black(struct picture_meter *meter)
{
    return read_spans(meter, &meter->black);
}

GArray *picture_meter_freeze(struct picture_meter *meter)
{
    return read_spans(meter, &meter->freeze);
}
