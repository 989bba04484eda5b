/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture in several sizes from one reading of its rows; the whole one is nowhere in memory.
 *
 * A size of more than a quarter of the picture's sides is made of the rows as they are. A smaller
 * one is made of them halved, each pixel the mean of four: the finest waves that it can hold keep
 * 0.92 of their height or more (cos(pi / 8)), and pixels come out within a code or two. Halved are
 * pictures of even sides alone: nothing is left over at the right and below. */
#pragma once

#include "media/still.h"

#include <vips/vips.h>

/* What it takes meanwhile goes back to the system: an encoder needs as much next.
 * Of one that may be read once, from its top, of 8 bits in 1 or 3 bands. In the order of `sizes`,
 * VipsImage in memory with its header; NULL with libvips' error set. */
GPtrArray *still_sizes(VipsImage *in, const struct still_scaling *sizes, unsigned count);
