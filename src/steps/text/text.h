/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `text` takes: words on the picture. */
#pragma once

#include "model/step.h"

#include "../place.h"

struct text {
    char *text;
    int running, place;
    struct extent size, margin;
    struct rgba color, box;
    struct position from, to;
    bool safe;
};

extern const struct step text_step;
