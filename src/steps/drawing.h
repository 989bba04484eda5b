/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures that steps draw: frames made small, and words. Plain pixels of R, G and B; words come
 * from media/letters.h. One thread. */
#pragma once

#include "drawing_size.h"
#include "media/chain.h"
#include "media/glyphs.h"

struct box {
    int x, y, width, height;
};

struct drawing {
    int width, height;
    uint8_t *pixels;
    struct glyphs *glyphs; /* of what was said */
};

extern const uint8_t drawing_ground[3], drawing_bright[3], drawing_quiet[3];

/* All ground. False when there is no memory for it; then, too, drawing_finish does no harm. */
bool drawing_init(struct drawing *drawing, int width, int height, struct failure *failure);
void drawing_fill(const struct drawing *drawing, const uint8_t color[3]);
void drawing_finish(struct drawing *drawing);
/* Of one inside of it. */
uint8_t *drawing_pixel(const struct drawing *drawing, int x, int y);
/* Into rows of `stride` bytes. */
void drawing_copy(const struct drawing *drawing, uint8_t *pixels, size_t stride);

/* A frame made as large as the box, each pixel the mean of those it stands for, clipped to 0..1.
 * What is outside of the drawing isn't drawn; so with words. */
void drawing_frame(const struct drawing *drawing, struct box box, const struct rgb_rows *rows);
/* On a line that begins at the box's corner and has its width, from its left or to its right.
 * `text` may be NULL. *used: how wide it became. */
bool drawing_say(const struct drawing *drawing, const char *text, int size_px, struct box line,
                 bool right, const uint8_t color[3], int *used, struct failure *failure);
/* For the report, which characters of what was said are boxes, for no font has them; NULL: none.
 * Caller frees. */
char *drawing_boxes(const struct drawing *drawing);
