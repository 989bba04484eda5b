/* SPDX-License-Identifier: GPL-3.0-or-later
 * A JPEG in several sizes from one reading of its rows; the whole picture is nowhere in memory.
 *
 * A size of more than a quarter of its sides is made of the samples as they are: chroma is scaled
 * from where it is coded, and not made larger first, as for the picture in RGB it is; colours are
 * cut off at black and white once they are scaled. A smaller one is made of the picture in RGB
 * (still/jpeg_halves.h), halved once, and again as often as eight times its sides are left: the
 * finest waves that a size can hold keep 0.92 of their height or more (cos(pi / 8)), and
 * photographs come out within three codes, but waves finer than it can hold are mixed coarser:
 * noise and zone plates by up to 39 codes. Of odd sides it isn't halved, nor with other chroma. */
#pragma once

#include "jpeg_planes.h"
#include "media/still_file.h"

/* Reads `planes` (borrowed) to their end, and tells `listener` (or NULL) how far it is. What it
 * takes meanwhile goes back to the system: an encoder needs as much next.
 * In the order of `sizes`, VipsImage in memory with the header of `like`, of 8 bits and as many
 * bands as planes; NULL with libvips' error set. */
GPtrArray *still_sizes(struct jpeg_planes *planes, VipsImage *like,
                       const struct still_scaling *sizes, unsigned count,
                       const struct still_listener *listener);
