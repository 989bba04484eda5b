/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `contact_sheet` takes: a grid of moments, or of stills. */
#pragma once

#include "model/step.h"

enum { CONTACT_SIDE_MAX = 20, CONTACT_FILM_ROWS = 4 };

struct contact_sheet {
    int columns, rows, width; /* rows 0: not given */
    bool captions;
    char *title;
    struct extent gap;
    struct rgba color;
    struct rational cell; /* of a still's place */
};

/* Pixels: between pictures, beside them all, and a picture's width; below 1 it has no room. */
int contact_gap(const struct contact_sheet *sheet);
int contact_margin(const struct contact_sheet *sheet);
int contact_tile(const struct contact_sheet *sheet);
/* Why its pictures have no room, and what would fit; or NULL. Caller frees. */
char *contact_problem(const struct contact_sheet *sheet);

/* Down the sheet, in pixels, for so many rows of places of a shape, width to height. */
struct contact_rows {
    int text;        /* size of the font */
    int top, line;   /* of the first row; height of the line below a place, 0 none */
    int tile_height; /* of a place */
    gint64 height;   /* of all */
};
struct contact_rows contact_rows(const struct contact_sheet *sheet, int count, double shape);
/* Why that is too high, and what would fit; or NULL. Caller frees. */
char *contact_too_high(const struct contact_sheet *sheet, int count, double shape);

extern const struct step contact_sheet_step;
