/* SPDX-License-Identifier: GPL-3.0-or-later
 * A frame's components as rows of whole numbers, whatever its format is. */
#pragma once

#include <libavutil/frame.h>
#include <stdbool.h>

struct components {
    int count;  /* with alpha, which is the last */
    int colors; /* without */
    int depth;  /* bits, 16 at most */
    bool rgb;   /* R, G, B in this order; else luma, Cb, Cr, or grey */
    int width[4], height[4];
};
/* False of float. A palette is R, G, B and alpha of 8 bits, as its colours are. */
bool components_of(const AVFrame *frame, struct components *out);
/* Whether they are of one form, sample beside sample. */
bool components_match(const struct components *a, const struct components *b);
/* `row` has room for out->width[component]. */
void component_row(const AVFrame *frame, int component, int y, uint16_t *row);

/* A picture as few cells: the mean of R', G' and B' in each, 0 to 255 from black to white, row by
 * row. By the matrix and the range that the frame is tagged with, else BT.709's and limited; float
 * from 0 to 1. */
void frame_cells(const AVFrame *frame, int columns, int rows, double *rgb);
