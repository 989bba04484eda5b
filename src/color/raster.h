/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a raster, and the loops between its samples and float, a row at a time. Chroma is
 * -0.5 to 0.5. */
#pragma once

#include "color/render.h"

enum { RASTER_NOISE = 64 };

/* value = (code - zero) * scale; code = value / scale + zero, held to 0 … most. */
struct coding {
    float scale, zero, unscale, most;
};

struct raster_numbers {
    struct coding luma, chroma, alpha; /* of RGB, `luma` is of all three */
    float to_r, to_b, to_gr, to_gb;    /* R = Y + to_r Cr; G = Y - to_gb Cb - to_gr Cr; … */
    float weight_r, weight_g, weight_b;
    float to_cb, to_cr; /* Cb = (B - Y) to_cb; … */
};

struct raster_numbers raster_numbers(const struct raster *raster);

/* The loops of one path (loops.h). */
struct raster_loops {
    /* `count` samples become float. */
    void (*load)(const struct raster *raster, const struct coding *coding, const void *in,
                 gsize count, float *restrict out);
    /* And back; `noise` are RASTER_NOISE numbers from 0 to 1, not 1 itself, added before rounding
     * down, over and over. */
    void (*store)(const struct raster *raster, const struct coding *coding,
                  const float *restrict in, gsize count, const float *noise, void *out);
    /* a * weight + b * (1 - weight) */
    void (*blend)(const float *a, const float *b, float weight, gsize count, float *restrict out);
    /* Twice as many: `in` may be read from one before its first to one behind its last. */
    void (*widen)(enum siting siting, const float *in, gsize count, float *restrict out);
    /* Even and odd apart; up to 16 numbers are read, and 8 written, beyond. */
    void (*split)(const float *in, gsize pairs, float *restrict even, float *restrict odd);
    /* Half as many, `count` of them, of what was split: both may be read from one before their
     * first to one behind their last. */
    void (*narrow)(enum siting siting, const float *even, const float *odd, gsize count,
                   float *restrict out);
    /* The same for whole rows, of which five around the middle one are given. */
    void (*narrow_rows)(enum siting siting, const float *const rows[5], gsize count,
                        float *restrict out);
    void (*to_rgb)(const struct raster_numbers *n, float *restrict y, float *restrict cb,
                   float *restrict cr, gsize count);
    void (*from_rgb)(const struct raster_numbers *n, float *restrict r, float *restrict g,
                     float *restrict b, gsize count);
};
