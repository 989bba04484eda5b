/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `crop` takes: a box of the picture. */
#pragma once

#include "model/step.h"

#include "../place.h"

struct crop {
    struct extent x, y, width, height;
    struct rational aspect;
    int place;
};

extern const struct step crop_step;
