/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a raster, and the loops between its samples and float, a row at a time. Chroma is
 * -0.5 to 0.5. */
#pragma once

#include "color/render.h"

enum { RASTER_NOISE = 8, RASTER_PAIRS = 16 };

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

/* Pixels of a row, two by two: all first ones of a pair, and all second ones. So chroma that is
 * stored for pairs needs no shuffling, and two samples are taken apart and put together by shifts.
 * The loops work on RASTER_PAIRS at once: of floats, up to fifteen numbers more than asked are read
 * and written; of samples, none. */
struct pairs {
    float *even[3], *odd[3]; /* R, G, B or Y', Cb, Cr */
};

/* The loops of one path (loops.h). `count` is in samples of the row; where they are pairs, the last
 * one may lack its second. `noise` are numbers from 0 to 1, not 1 itself, added before rounding
 * down, over and over. */
struct raster_loops {
    /* Samples become float. */
    void (*load)(const struct raster *raster, const struct coding *coding, const void *in,
                 gsize count, float *out);
    void (*load_pairs)(const struct raster *raster, const struct coding *coding, const void *in,
                       gsize count, float *even, float *odd);
    /* And back. */
    void (*store)(const struct raster *raster, const struct coding *coding, const float *in,
                  gsize count, const float noise[RASTER_NOISE], void *out);
    void (*store_pairs)(const struct raster *raster, const struct coding *coding, const float *even,
                        const float *odd, gsize count, const float noise[RASTER_NOISE], void *out);
    /* Luma samples and chroma that has been loaded, as wide as it is stored, become RGB. Chroma is
     * read from one before its first to one behind its last. */
    void (*to_rgb)(const struct raster *raster, const struct raster_numbers *n, const void *luma,
                   const float *const chroma[2], gsize count, const struct pairs *rgb);
    /* RGB becomes luma samples (none where `luma` is NULL), and chroma, in places 1 and 2. */
    void (*from_rgb)(const struct raster *raster, const struct raster_numbers *n,
                     const struct pairs *rgb, gsize count, const float noise[RASTER_NOISE],
                     void *luma, const struct pairs *chroma);
    /* a * weight + b * (1 - weight) */
    void (*blend)(const float *a, const float *b, float weight, gsize count, float *out);
    /* Half as many, `count` of them: both may be read from one before their first to one behind
     * their last. */
    void (*narrow)(enum siting siting, const float *even, const float *odd, gsize count,
                   float *out);
    /* The same for whole rows, of which five around the middle one are given. */
    void (*narrow_rows)(enum siting siting, const float *const rows[5], gsize count, float *out);
};
