/* SPDX-License-Identifier: GPL-3.0-or-later
 * One component of a frame as numbers of 16 bits, every so many pixels. */
#pragma once

#include <glib.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <stdbool.h>

/* Zeroed before the first frame. */
struct raster {
    guint16 *data; /* rows of `width` without gaps */
    int width, height;
};
void raster_clear(struct raster *raster);
/* Every step_x'th pixel of every step_y'th row of the component, counted in its own pixels. A
 * component of fewer bits is shifted up: 235 of 8 bits is 235 * 256. */
void raster_take(struct raster *raster, const AVFrame *frame, int component, int step_x,
                 int step_y);
bool raster_same_size(const struct raster *a, const struct raster *b);
/* The mean difference of two of the same size; 65535 is all of it. */
double raster_difference(const struct raster *a, const struct raster *b);
/* Of the means of cells of 8x8, which what lossy coding changes leaves alone. */
double raster_cells_difference(const struct raster *a, const struct raster *b);

/* Formats that can be taken: planar or packed, of at least 8 bits a component. */
bool raster_takes(const AVFrame *frame);
/* The component that stands for luma: of RGB, green. */
int raster_luma(const AVPixFmtDescriptor *desc);
