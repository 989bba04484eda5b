/* SPDX-License-Identifier: GPL-3.0-or-later
 * A look-up table as every LUT file format describes one: per-channel curves, or a cube, or the
 * curves (then called a shaper) feeding the cube. Made by a reader (color/cube.h), read-only
 * afterwards, so any number of threads may use it. */
#pragma once

#include "base/hash.h"

#include <stdbool.h>

/* One stage's input range per channel, R, G, B; min < max. Values outside are taken as its ends. */
struct lut_domain {
    float min[3], max[3];
};

struct lut {
    char *title;               /* UTF-8 without control characters, or NULL */
    char *name;                /* of the file, for reports; UTF-8 */
    char hash[HASH_TEXT_SIZE]; /* of the file's text, byte for byte */

    unsigned curve_size; /* points per channel, 2..65536, or 0: no curves */
    struct lut_domain curve_domain;
    float (*curve)[3]; /* curve_size points of R, G, B, evenly spaced over the domain */

    unsigned cube_size; /* points per edge, 2..129, or 0: no cube */
    struct lut_domain cube_domain;
    float (*cube)[3]; /* cube_size^3 points of R, G, B; red runs fastest */

    /* The file says that it wants, or gives, legal-range code values (Resolve's
     * LUT_IN_VIDEO_RANGE and LUT_OUT_VIDEO_RANGE). A grade does not convert by itself: the caller
     * asks the user for a range when one of these is set. */
    bool video_in, video_out;
};

/* The number of points in the cube. */
gsize lut_cube_points(const struct lut *lut);

/* True when the LUT covers at least 0..1 and gives every point back as it came, to 1e-6 (files
 * carry six decimals). */
bool lut_is_identity(const struct lut *lut);

void lut_destroy(struct lut *lut); /* NULL is fine */
typedef struct lut *lut_ptr;       /* g_auto(lut_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(lut_ptr, lut_destroy, NULL)
