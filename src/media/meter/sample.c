/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is sampled of a frame. */
#include "picture.h"

#include <string.h>

enum { LUMA_MOST = 1 << 19, COLOR_MOST = 1 << 17, COLUMNS_ABOUT = 240, ROWS_ABOUT = 135 };

/* Grey of which nothing is said has the range of the libraries that make it. */
static bool full_range(const AVFrame *frame, const AVPixFmtDescriptor *desc)
{
    const bool grey = desc->nb_components < 3;
    return (grey && frame->color_range == AVCOL_RANGE_UNSPECIFIED) ||
           frame->color_range == AVCOL_RANGE_JPEG || (desc->flags & AV_PIX_FMT_FLAG_RGB) ||
           g_str_has_prefix(desc->name, "yuvj");
}

static void age(struct raster rasters[PICTURE_DEPTH])
{
    struct raster oldest = rasters[PICTURE_DEPTH - 1];
    memmove(rasters + 1, rasters, sizeof(*rasters) * (PICTURE_DEPTH - 1));
    rasters[PICTURE_NOW] = oldest;
}

static int step_for(int width, int height, int most)
{
    int step = 1;
    while ((int64_t)(width / step) * (height / step) > most)
        step++;
    return step;
}

/* On the grid of chroma, so that all components are of the same place. */
static void take_color(struct picture *picture, const AVFrame *frame,
                       const AVPixFmtDescriptor *desc)
{
    static const int of_rgb[] = {1, 2, 0};
    const int step = step_for(frame->width >> desc->log2_chroma_w,
                              frame->height >> desc->log2_chroma_h, COLOR_MOST);
    picture->components = desc->nb_components < 3 ? 1 : 3;
    if (picture->components == 1 || picture->rgb) {
        for (int c = 0; c < picture->components; c++)
            raster_take(&picture->color[c], frame, picture->rgb ? of_rgb[c] : 0, step, step);
        return;
    }
    raster_take(&picture->color[0], frame, 0, step << desc->log2_chroma_w,
                step << desc->log2_chroma_h);
    for (int c = 1; c < 3; c++)
        raster_take(&picture->color[c], frame, c, step, step);
}

bool picture_take(struct picture *picture, const AVFrame *frame, double at_s, double duration_s)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    if (!raster_takes(frame))
        return false;
    const int luma = raster_luma(desc), w = frame->width, h = frame->height;
    const int step = step_for(w, h, LUMA_MOST);
    picture->frame = frame;
    picture->rgb = desc->flags & AV_PIX_FMT_FLAG_RGB;
    picture->full = full_range(frame, desc);
    picture->black = picture->full ? 0 : 16 * 256;
    picture->white = picture->full ? 65535 : 235 * 256;
    picture->at_s = at_s;
    picture->duration_s = duration_s;
    picture->end_s = at_s + duration_s;
    age(picture->luma);
    age(picture->rows);
    raster_take(&picture->luma[PICTURE_NOW], frame, luma, step, step);
    raster_take(&picture->rows[PICTURE_NOW], frame, luma, MAX(w / COLUMNS_ABOUT, 1), 1);
    raster_take(&picture->columns, frame, luma, 1, MAX(h / ROWS_ABOUT, 1));
    take_color(picture, frame, desc);
    return true;
}

void picture_clear(struct picture *picture)
{
    for (int i = 0; i < PICTURE_DEPTH; i++) {
        raster_clear(&picture->luma[i]);
        raster_clear(&picture->rows[i]);
    }
    for (int c = 0; c < 3; c++)
        raster_clear(&picture->color[c]);
    raster_clear(&picture->columns);
}

double picture_level(const struct picture *picture, double value)
{
    return (value - picture->black) / (picture->white - picture->black);
}
