/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `color` → the grade both of its faces apply. */
#pragma once

#include "color.h"
#include "color/grade.h"
#include "media/chain.h"

/* The space that is named, or NULL: the tags are to tell. */
const struct space *color_from(const struct color *color);
const struct space *color_to(const struct color *color);

/* `metadata_nit`: the brightest light of the source by its metadata, 0 unknown; `from_peak` goes
 * before it. */
struct grade *color_compile(const struct color *color, const struct space *from,
                            const struct space *to, double metadata_nit);
