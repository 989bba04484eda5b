/* SPDX-License-Identifier: GPL-3.0-or-later
 * Letters for pictures of all kinds, set by Pango through libvips. */
#pragma once

#include "model/failure.h"

#include <vips/vips.h>

/* How solid the letters are, 0 to 255: one band, in memory, cut to what is inked. `steady`:
 * between two bars that aren't seen, so that counters don't dance when their digits change. */
VipsImage *text_mask(const char *text, const char *font, bool steady, struct failure *failure);
/* Around letters of `size` pixels. */
int text_border(int size);
