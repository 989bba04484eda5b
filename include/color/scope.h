/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scopes: which values a picture has, counted and drawn small. They only look.
 *
 * WAVEFORM     luma by column: the picture's columns left to right, -10 % at the bottom, 110 % at
 *              the top. Lines at 0 and 100 % (brighter), 25, 50 and 75 %; what is outside legal
 *              range is drawn in orange.
 * PARADE       the same of red, green and blue, side by side.
 * VECTORSCOPE  Cb to the right, Cr up, 0.55 from the middle to the nearest edge. Boxes where the 75
 * % colour bars lie, a circle through full saturation (0.5), and the line on which skin lies, at
 * 123 degrees from Cb: the axis I of NTSC (SMPTE 170M).
 *
 * Y' = Kr R' + Kg G' + Kb B', Cb = (B' - Y') / (2 - 2 Kb), Cr = (R' - Y') / (2 - 2 Kr) (BT.601,
 * BT.709, BT.2020). Values beyond the edge count at the edge; NaN counts as 0. */
#pragma once

#include <glib.h>

enum scope_kind { SCOPE_WAVEFORM, SCOPE_PARADE, SCOPE_VECTORSCOPE };

#define SCOPE_LOW (-0.1)
#define SCOPE_HIGH 1.1
#define SCOPE_CHROMA 0.55
#define SCOPE_SKIN_DEGREES 123.0

/* Kr and Kb; Kg is what is left to 1. */
struct luma_weights {
    double kr, kb;
};

struct scope;

/* A picture of width x height pixels; a parade's width is a multiple of 3. */
struct scope *scope_create(enum scope_kind kind, int width, int height,
                           struct luma_weights weights);
void scope_destroy(struct scope *scope); /* NULL is fine */
typedef struct scope *scope_ptr;         /* g_auto(scope_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(scope_ptr, scope_destroy, NULL)

/* Counts a row of `count` pixels of R'G'B', 0 black to 1 white. Any number of rows, of any number
 * of pictures. */
void scope_add(struct scope *scope, const float *r, const float *g, const float *b, int count);

/* How many were counted at a pixel of the scope; each pixel of the picture once (parade: three
 * times). */
guint32 scope_count(const struct scope *scope, int x, int y);
/* Where it is counted: a level's row, and the pixel of a colour. */
int scope_row(const struct scope *scope, double level);
void scope_place(const struct scope *scope, double cb, double cr, int *x, int *y);

/* Draws it as 8-bit R, G, B over what is there; rows are `stride` bytes apart. */
void scope_draw(const struct scope *scope, guint8 *pixels, gsize stride);
