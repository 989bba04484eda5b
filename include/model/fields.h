/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fields of a moving picture as they flow from step to step, as far as a plan knows them. */
#pragma once

#include "base/rational.h"

#include <stdbool.h>

struct fields {
    bool interlaced;   /* two fields in each frame */
    int width, height; /* pixels, upright: a source is turned before its first step */
    struct rational sar, fps;
};
