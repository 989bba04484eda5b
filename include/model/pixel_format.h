/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pixel formats by libav's names, without libav, and which of a codec's is chosen where none is
 * asked for: one choice, of the plan and of the worker. */
#pragma once

#include <stdbool.h>

struct pixel_format {
    int depth;              /* bits a component; 32: float */
    int chroma_w, chroma_h; /* log2 of the pixels of a chroma sample: 1, 1 for 4:2:0 */
    bool rgb, alpha, grey;
};

/* False for a name that no reader here and no codec of model/encode.h has. */
bool pixel_format_read(const char *name, struct pixel_format *format);
/* "4:2:0"; NULL where chroma is kept otherwise. */
const char *pixel_format_chroma(int chroma_w, int chroma_h);
/* Of a space-separated list the one that is nearest to what flows, the first of those that are
 * alike: what is lost weighs more than what is wasted; alpha more than depth, depth more than
 * chroma. `alpha`: it may have some. Interned; NULL for an empty list. */
const char *pixel_format_nearest(const char *list, const struct pixel_format *flows, bool alpha);
