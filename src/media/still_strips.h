/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture of 8 bits made smaller by zimg while its rows come, a strip of what it becomes at a
 * time, from a few of its rows in memory. A strip is scaled down its columns, for which a row is
 * one plane of numbers, and then across, as zimg itself does where the shape is kept: those are the
 * very pixels that still_resize() makes of the whole picture. Where it takes the other way first,
 * they are within a code of them. */
#pragma once

#include "media/still.h"

#include <vips/vips.h>

struct strips;
/* Of a picture of that size; what it becomes has the header and the bands (1 or 3) of `like`.
 * NULL with libvips' error set. */
struct strips *strips_create(VipsImage *like, int width, int height,
                             const struct still_scaling *to);
/* The next row, from the first to the last. False with libvips' error set. */
bool strips_push(struct strips *strips, const guint8 *row);
/* What it became, in memory, after the last row. The caller's. */
VipsImage *strips_take(struct strips *strips);
void strips_free(struct strips *strips); /* accepts NULL */
