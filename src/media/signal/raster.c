/* SPDX-License-Identifier: GPL-3.0-or-later
 * Components of frames, sampled. */
#include "raster.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = 8 };

void raster_clear(struct raster *raster)
{
    g_free(raster->data);
    *raster = (struct raster){0};
}

/* A stride that is known while compiling is a loop of vectors. */
static inline void take_bytes(const guint8 *p, gsize stride, guint16 *out, int count)
{
    for (int i = 0; i < count; i++)
        out[i] = (guint16)(p[(gsize)i * stride] << 8);
}

static void sample_bytes(const guint8 *p, gsize stride, guint16 *out, int count)
{
    if (stride == 1)
        take_bytes(p, 1, out, count);
    else if (stride == 2)
        take_bytes(p, 2, out, count);
    else if (stride == 4)
        take_bytes(p, 4, out, count);
    else if (stride == 8)
        take_bytes(p, 8, out, count);
    else
        take_bytes(p, stride, out, count);
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
        sample_bytes(p, stride, out, count);
    } else {
        int up = 16 - comp->depth;
        gboolean big = (flags & AV_PIX_FMT_FLAG_BE) != 0;
        for (int i = 0; i < count; i++, p += stride) {
            unsigned value = big ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[1] << 8 | p[0]);
            out[i] = (guint16)(value >> comp->shift << up);
        }
    }
}

int raster_luma(const AVPixFmtDescriptor *desc)
{
    return desc->flags & AV_PIX_FMT_FLAG_RGB ? 1 : 0;
}

bool raster_takes(const AVFrame *frame)
{
    const guint64 strange = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                            AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    if (!desc || desc->flags & strange)
        return false;
    const AVComponentDescriptor *comp = &desc->comp[raster_luma(desc)];
    if (desc->flags & AV_PIX_FMT_FLAG_FLOAT)
        return comp->depth == 32 && !(desc->flags & AV_PIX_FMT_FLAG_BE);
    return comp->depth == 8 ? comp->shift == 0 : comp->depth > 8 && comp->depth <= 16;
}

static bool is_chroma(const AVPixFmtDescriptor *desc, int component)
{
    return !(desc->flags & AV_PIX_FMT_FLAG_RGB) && (component == 1 || component == 2);
}

static void resize(struct raster *raster, int width, int height)
{
    if (raster->width == width && raster->height == height)
        return;
    raster->data = g_renew(guint16, raster->data, (gsize)width * (gsize)height);
    raster->width = width;
    raster->height = height;
}

void raster_take(struct raster *raster, const AVFrame *frame, int component, int step_x, int step_y)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const AVComponentDescriptor *comp = &desc->comp[component];
    const bool chroma = is_chroma(desc, component);
    const int width = frame->width >> (chroma ? desc->log2_chroma_w : 0);
    const int height = frame->height >> (chroma ? desc->log2_chroma_h : 0);
    resize(raster, width / step_x, height / step_y);
    for (int y = 0; y < raster->height; y++)
        sample_row(frame->data[comp->plane] + (ptrdiff_t)y * step_y * frame->linesize[comp->plane],
                   comp, desc->flags, step_x, raster->data + (gsize)y * (gsize)raster->width,
                   raster->width);
}

bool raster_same_size(const struct raster *a, const struct raster *b)
{
    return a->width == b->width && a->height == b->height && a->data && b->data;
}

double raster_difference(const struct raster *a, const struct raster *b)
{
    guint64 sum = 0;
    for (int y = 0; y < a->height; y++) {
        const gsize at = (gsize)y * (gsize)a->width;
        guint32 row = 0;
        for (int x = 0; x < a->width; x++)
            row += (guint32)abs(a->data[at + (gsize)x] - b->data[at + (gsize)x]);
        sum += row;
    }
    return (double)sum / ((double)a->width * a->height);
}

static void add_row(gint32 *sums, const guint16 *a, const guint16 *b, gsize cells)
{
    for (gsize cell = 0; cell < cells; cell++) {
        gint32 sum = 0;
        for (gsize x = cell * CELL; x < (cell + 1) * CELL; x++)
            sum += a[x] - b[x];
        sums[cell] += sum;
    }
}

double raster_cells_difference(const struct raster *a, const struct raster *b)
{
    const gsize across = (gsize)a->width / CELL, down = (gsize)a->height / CELL;
    const gsize width = (gsize)a->width;
    g_autofree gint32 *sums = g_new(gint32, across + 1);
    guint64 sum = 0;
    for (gsize row = 0; row < down; row++) {
        memset(sums, 0, across * sizeof(*sums));
        for (gsize y = row * CELL; y < (row + 1) * CELL; y++)
            add_row(sums, a->data + y * width, b->data + y * width, across);
        for (gsize cell = 0; cell < across; cell++)
            sum += (guint64)ABS(sums[cell]);
    }
    return (double)sum / (double)MAX(CELL * CELL * across * down, 1);
}
