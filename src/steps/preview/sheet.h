/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet that `preview` draws: a head, a row of frames before and one after (of one column: side
 * by side), and the scopes of both. Plain pixels; words come from media/letters.h. One thread. */
#pragma once

#include "color/scope.h"
#include "media/chain.h"
#include "model/task.h"

/* Of one of the two rows. */
struct sheet_side {
    const char *caption;
    double aspect; /* of a frame as it is seen: width / height */
    struct luma_weights weights;
};

/* Of BT.709, and of RGB that says nothing else. */
#define SHEET_BT709 ((struct luma_weights){0.2126, 0.0722})

struct sheet_head {
    const char *title, *about, *story; /* the clip; what it is; what was done */
};

enum { SHEET_SIDES = 2 }; /* before, after */

struct sheet;

struct sheet *sheet_create(int width, int columns, const struct sheet_side sides[SHEET_SIDES],
                           struct failure *failure);
void sheet_destroy(struct sheet *sheet); /* NULL is fine */
int sheet_height(const struct sheet *sheet);

/* What the source is called, for the head. Caller frees. */
char *sheet_title(const struct task *task);
bool sheet_put_head(struct sheet *sheet, const struct sheet_head *head, struct failure *failure);
/* A frame of a side, and into its scopes; `label` (NULL: none) above it. */
bool sheet_put_frame(struct sheet *sheet, int side, int column, const struct rgb_rows *rows,
                     const char *label, struct failure *failure);
/* As drawing_boxes. */
char *sheet_boxes(const struct sheet *sheet);
/* When all frames are there: the whole into rows of R, G, B, `stride` bytes apart. */
void sheet_draw(struct sheet *sheet, uint8_t *pixels, size_t stride);
