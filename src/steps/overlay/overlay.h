/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `overlay` takes: a picture on top, still or moving. */
#pragma once

#include "model/step.h"

#include "../place.h"

struct overlay {
    char *image, *video; /* one of them */
    int place, at_end;
    struct extent margin, width;
    double opacity;
    struct position from, to;
};

extern const struct step overlay_step;
