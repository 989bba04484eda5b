/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `crop` takes: a box of the picture. */
#pragma once

#include "model/step.h"

#include "../focus.h"

struct crop {
    struct extent x, y, width, height;
    struct rational aspect;
    struct focus focus;
    bool vbi; /* the rows of vertical blanking above the picture are left out, and nothing else */
};

extern const struct step crop_step;
