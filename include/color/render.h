/* SPDX-License-Identifier: GPL-3.0-or-later
 * A grade applied to stored pictures in one pass: samples of one raster are read, become float RGB
 * block by block, are graded, and are written as samples of another raster. Nothing between the two
 * is rounded or clamped, so super-whites survive, and nothing is kept but a few rows. Of floats NaN
 * is read as 0, and infinity as the greatest float.
 *
 * Chroma that is stored for fewer pixels is interpolated linearly, and taken back by the filters
 * that undo exactly that: [-1 2 6 2 -1]/8 where a chroma sample stands on a pixel (LeGall and
 * Tabatabai's 5/3 pair), [-1 3 3 -1]/4 where it stands between two (the 3/1 spline pair of Cohen,
 * Daubechies and Feauveau). Edges repeat their last sample. So a grade that changes nothing gives
 * the same codes back, and colour edges lose no sharpness; but in the last column or row of an odd
 * size, where a chroma sample stands for one pixel alone, subsampled chroma may change.
 *
 * The matrix is of Y'CbCr by luma weights (ITU-R BT.601, BT.709, BT.2020 non-constant luminance);
 * codes are those of BT.709 and BT.2100: limited range has black at 16 * 2^(bits-8) and white at
 * 235, chroma spans 224; full range goes from 0 to 2^bits - 1. */
#pragma once

#include "color/grade.h"

#include <stddef.h>

/* Where a chroma sample stands, along one axis: on the first of its two pixels, or between them. */
enum siting { SITED_ON, SITED_BETWEEN };

struct raster {
    int bits;                       /* 8 (a byte) or 9 to 16 (two, little-endian), or 32: float */
    int chroma_w, chroma_h;         /* chroma for every 2^n pixels: 0 or 1 */
    enum siting across, down;       /* of that chroma */
    bool rgb;                       /* planes are R, G, B; else Y', Cb, Cr */
    bool full_range;                /* of float RGB always */
    double red_weight, blue_weight; /* of luma; unused for RGB */
};

/* Planes in the raster's order, then alpha or NULL; rows of `stride` bytes, which may be negative.
 * Rows of 16 bits and of floats are aligned to their samples. `chroma_rows` is how many there are
 * of chroma that is stored for pairs of rows: one for each, or one less, as of the second field of
 * 4:2:0 of 34 rows, which has 17 rows, and 8 of the 17 of chroma: the row of samples that is
 * missing is read as the last one again, and isn't written. 0: one for each. */
struct raster_planes {
    void *plane[4];
    ptrdiff_t stride[4];
    int chroma_rows;
};

struct render;

/* Of pictures of this size. The grade is borrowed: it must outlive the render. `dither` spreads
 * what rounding to the target's codes gives up over the pixels around, in a fixed pattern of 8 by
 * 8: a value that is a code stays that code. It is meant for targets of fewer bits than the source.
 * Alpha is kept, at the target's depth; it is opaque where only the target has it. */
struct render *render_create(const struct raster *from, const struct raster *to, int width,
                             int height, const struct grade *grade, bool dither);
void render_destroy(struct render *render); /* NULL is fine */
typedef struct render *render_ptr;          /* g_auto(render_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(render_ptr, render_destroy, NULL)

/* Writes rows `top` up to but not including `bottom` of the target, both even or the picture's
 * height; rows around them are read. In and out don't overlap. Thread-safe: slices of one picture
 * may be rendered side by side, and any slices give the same picture. False without memory. */
bool render_rows(const struct render *render, const struct raster_planes *in,
                 const struct raster_planes *out, int top, int bottom);
