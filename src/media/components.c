/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames read sample by sample. */
#include "components.h"

#include <glib.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

bool components_of(const AVFrame *frame, struct components *out)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    const uint64_t other = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_HWACCEL |
                           AV_PIX_FMT_FLAG_BAYER;
    if (!format || format->flags & other || format->comp[0].depth > 16)
        return false;
    *out = (struct components){
        .count = format->nb_components,
        .colors = format->nb_components - !!(format->flags & AV_PIX_FMT_FLAG_ALPHA),
        .depth = format->comp[0].depth,
        .rgb = format->flags & AV_PIX_FMT_FLAG_RGB,
    };
    for (int c = 0; c < out->count; c++) {
        const bool chroma = !out->rgb && (c == 1 || c == 2) && out->colors == 3;
        out->width[c] = chroma ? AV_CEIL_RSHIFT(frame->width, format->log2_chroma_w) : frame->width;
        out->height[c] =
            chroma ? AV_CEIL_RSHIFT(frame->height, format->log2_chroma_h) : frame->height;
    }
    return true;
}

bool components_match(const struct components *a, const struct components *b)
{
    return a->count == b->count && a->colors == b->colors && a->depth == b->depth &&
           a->rgb == b->rgb && memcmp(a->width, b->width, sizeof a->width) == 0 &&
           memcmp(a->height, b->height, sizeof a->height) == 0;
}

void component_row(const AVFrame *frame, int component, int y, uint16_t *row)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    struct components form;
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
                      g_str_has_prefix(av_get_pix_fmt_name(frame->format), "yuvj") || form->rgb;
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
    if (!components_of(frame, &form))
        return;
    for (int c = 0; c < MIN(form.colors, 3); c++)
        add_means(frame, &form, c, columns, rows, rgb);
    for (int i = 0; i < columns * rows; i++)
        to_rgb(frame, &form, rgb + 3 * i);
}
