/* SPDX-License-Identifier: GPL-3.0-or-later
 * One size of a picture whose planes come row by row: made smaller by zimg, a strip of what it
 * becomes at a time, from a few rows in memory. A strip is scaled down its columns and then across,
 * as zimg itself does where the shape is kept; each plane from as many samples as it has, and what
 * was made of luma and chroma, in 16 bits, becomes red, green and blue. */
#pragma once

#include "jpeg_planes.h"
#include "media/still.h"

struct strips;
/* Of planes that come as `planes` says; what it becomes has the header and the bands, as many as
 * planes, of `like`. NULL with libvips' error set. */
struct strips *strips_create(VipsImage *like, const struct jpeg_planes *planes,
                             const struct still_scaling *to);
/* The next rows of a plane, at most as many as its shape says, from the first to the last: one
 * plane after the other, and then strips_make(). */
void strips_push(struct strips *strips, unsigned plane, const guint8 *const *rows, int count);
/* What can be made of the rows that are there. False with libvips' error set. */
bool strips_make(struct strips *strips);
/* What it became, in memory, after the last row. The caller's. */
VipsImage *strips_take(struct strips *strips);
void strips_free(struct strips *strips); /* accepts NULL */
