/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet of `contact_sheet`: a head, and places in a grid, each with a line below. */
#pragma once

#include "../drawing.h"
#include "contact_sheet.h"

struct layout {
    struct drawing drawing;
    int columns, rows;
    int margin, gap, text;       /* pixels; `text` is the font's size */
    int top, line;               /* of the first row; height of the line below a place, 0 none */
    int tile_width, tile_height; /* of a place */
    uint8_t bright[3], quiet[3]; /* of words, on its colour */
};

/* Places of `shape`, width to height. False with `failure` for one that is too large, has no
 * room for them, or without memory; then, too, layout_finish does no harm. */
bool layout_init(struct layout *layout, const struct contact_sheet *wanted, int rows, double shape,
                 struct failure *failure);
void layout_finish(struct layout *layout);
/* The place of a picture, and the line below it. */
struct box layout_tile(const struct layout *layout, int index);
struct box layout_line(const struct layout *layout, int index);
/* Words at the left and at the right above all. */
bool layout_head(const struct layout *layout, const char *title, const char *about,
                 struct failure *failure);
