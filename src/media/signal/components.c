/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames read sample by sample. */
#include "components.h"

#include <glib.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

enum { PALETTE_COMPONENTS = 4 };

/* Of what isn't read sample by sample the shape alone. */
static void shape_of(const AVFrame *frame, const AVPixFmtDescriptor *format, struct components *out)
{
    const bool palette = format->flags & AV_PIX_FMT_FLAG_PAL;
    *out = (struct components){
        .count = palette ? PALETTE_COMPONENTS : format->nb_components,
        .colors = palette ? PALETTE_COMPONENTS - 1
                          : format->nb_components - !!(format->flags & AV_PIX_FMT_FLAG_ALPHA),
        .depth = MIN(format->comp[0].depth, 16),
        .rgb = format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL),
    };
    for (int c = 0; c < out->count; c++) {
        const bool chroma = !out->rgb && (c == 1 || c == 2) && out->colors == 3;
        out->width[c] = chroma ? AV_CEIL_RSHIFT(frame->width, format->log2_chroma_w) : frame->width;
        out->height[c] =
            chroma ? AV_CEIL_RSHIFT(frame->height, format->log2_chroma_h) : frame->height;
    }
}

bool components_of(const AVFrame *frame, struct components *out)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    const uint64_t other = AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER;
    if (!format || format->flags & other || format->comp[0].depth > 16)
        return false;
    shape_of(frame, format, out);
    return true;
}

bool components_match(const struct components *a, const struct components *b)
{
    return a->count == b->count && a->colors == b->colors && a->depth == b->depth &&
           a->rgb == b->rgb && memcmp(a->width, b->width, sizeof a->width) == 0 &&
           memcmp(a->height, b->height, sizeof a->height) == 0;
}

/* libavutil's palette: 256 words of 0xAARRGGBB. */
static void palette_row(const AVFrame *frame, int component, int y, uint16_t *row)
{
    static const int shifts[PALETTE_COMPONENTS] = {16, 8, 0, 24};
    const uint8_t *line = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
    const uint32_t *palette = (const uint32_t *)(const void *)frame->data[1];
    for (int x = 0; x < frame->width; x++)
        row[x] = palette[line[x]] >> shifts[component] & 0xff;
}

void component_row(const AVFrame *frame, int component, int y, uint16_t *row)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    struct components form;
    if (format->flags & AV_PIX_FMT_FLAG_PAL) {
        palette_row(frame, component, y, row);
        return;
    }
    components_of(frame, &form);
    av_read_image_line(row, (const uint8_t **)(void *)frame->data, frame->linesize, format, 0, y,
                       component, form.width[component], 0);
}

/* --- cells --- */

struct span_of {
    int from, to;
};

/* What a cell covers of so many samples; one at least. */
static struct span_of span_of(int cell, int cells, int samples)
{
    const int from = (int)((int64_t)cell * samples / cells);
    const int to = (int)((int64_t)(cell + 1) * samples / cells);
    return (struct span_of){from, MAX(to, from + 1)};
}

/* Floats of 32 bits as whole numbers of 16, from 0 to 1. */
static void float_row(const AVFrame *frame, int component, int y, int width, uint16_t *row)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    g_autofree uint32_t *words = g_new(uint32_t, (gsize)width);
    av_read_image_line2(words, (const uint8_t **)(void *)frame->data, frame->linesize, format, 0, y,
                        component, width, 0, sizeof *words);
    for (int x = 0; x < width; x++) {
        float value;
        memcpy(&value, &words[x], sizeof value);
        row[x] = value > 0 ? (uint16_t)lrintf(fminf(value, 1) * UINT16_MAX) : 0;
    }
}

static bool is_float(const AVFrame *frame)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    return format && format->flags & AV_PIX_FMT_FLAG_FLOAT && format->comp[0].depth == 32;
}

static void add_means(const AVFrame *frame, const struct components *form, int component,
                      int columns, int rows, double *means)
{
    const int width = form->width[component];
    g_autofree uint16_t *line = g_new(uint16_t, (gsize)width);
    g_autofree int64_t *sums = g_new(int64_t, (gsize)columns);
    for (int row = 0; row < rows; row++) {
        const struct span_of down = span_of(row, rows, form->height[component]);
        memset(sums, 0, sizeof *sums * (gsize)columns);
        for (int y = down.from; y < down.to; y++) {
            if (is_float(frame))
                float_row(frame, component, y, width, line);
            else
                component_row(frame, component, y, line);
            for (int i = 0; i < columns; i++) {
                const struct span_of across = span_of(i, columns, width);
                for (int x = across.from; x < across.to; x++)
                    sums[i] += line[x];
            }
        }
        for (int i = 0; i < columns; i++) {
            const struct span_of across = span_of(i, columns, width);
            const double samples = (double)(across.to - across.from) * (down.to - down.from);
            means[3 * (row * columns + i) + component] = (double)sums[i] / samples;
        }
    }
}

struct luma_weights {
    double red, blue;
};

/* ITU-R BT.601, BT.709, BT.2020. */
static struct luma_weights weights_of(const AVFrame *frame)
{
    switch (frame->colorspace) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return (struct luma_weights){0.299, 0.114};
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return (struct luma_weights){0.2627, 0.0593};
    default:
        return (struct luma_weights){0.2126, 0.0722};
    }
}

static void to_rgb(const AVFrame *frame, const struct components *form, double *cell)
{
    const double code = 1 << (form->depth - 8), top = (1 << form->depth) - 1;
    const bool full = frame->color_range == AVCOL_RANGE_JPEG ||
                      g_str_has_prefix(av_get_pix_fmt_name(frame->format), "yuvj") || form->rgb ||
                      is_float(frame);
    const double black = full ? 0 : 16 * code, span = full ? top : 219 * code;
    const double swing = full ? top : 224 * code, middle = 128 * code;
    const struct luma_weights weights = weights_of(frame);
    if (form->rgb) {
        for (int c = 0; c < 3; c++)
            cell[c] = cell[c] / top * 255;
        return;
    }
    const double luma = (cell[0] - black) / span;
    const double cb = form->colors < 3 ? 0 : (cell[1] - middle) / swing;
    const double cr = form->colors < 3 ? 0 : (cell[2] - middle) / swing;
    const double red = luma + 2 * (1 - weights.red) * cr;
    const double blue = luma + 2 * (1 - weights.blue) * cb;
    const double green =
        (luma - weights.red * red - weights.blue * blue) / (1 - weights.red - weights.blue);
    cell[0] = red * 255;
    cell[1] = green * 255;
    cell[2] = blue * 255;
}

void frame_cells(const AVFrame *frame, int columns, int rows, double *rgb)
{
    struct components form;
    memset(rgb, 0, sizeof(double) * 3 * (size_t)(columns * rows));
    if (is_float(frame))
        shape_of(frame, av_pix_fmt_desc_get(frame->format), &form);
    else if (!components_of(frame, &form))
        return;
    for (int c = 0; c < MIN(form.colors, 3); c++)
        add_means(frame, &form, c, columns, rows, rgb);
    for (int i = 0; i < columns * rows; i++)
        to_rgb(frame, &form, rgb + 3 * i);
}
