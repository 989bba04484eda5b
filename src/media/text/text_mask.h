/* SPDX-License-Identifier: GPL-3.0-or-later
 * Letters for pictures of all kinds, set by Pango through libvips. */
#pragma once

#include "media/chain.h"

#include <vips/vips.h>

struct setting {
    const char *family;
    int size_px;
    int most_px;   /* longer lines are broken, between words where that is possible; 0: none is */
    double across; /* where lines shorter than the longest stand: 0 left, 0.5 centred, 1 right */
    bool steady;   /* between two bars that aren't seen, so that counters don't dance when their
                      digits change */
};
/* How solid the letters are, 0 to 255: one band, in memory, cut to what is inked. */
VipsImage *text_mask(const char *text, const struct setting *setting, struct failure *failure);
/* Of the plate around letters of `size` pixels. */
int text_border(int size);
/* As a text looks on a picture so wide, on which its plate is to stay. */
struct setting text_setting(const struct text_look *look, int width);
/* For the report: pixels of the plate and of the picture. */
#define TEXT_TOO_HIGH                                                         \
    "the text is %d pixels high, the picture %d: not all of it can be seen; " \
    "a smaller `size` fits"
