/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `reframe` takes: another shape of picture, and what fills it. */
#pragma once

#include "model/step.h"

#include "../focus.h"

enum reframe_fill { FILL_CROP, FILL_BLUR, FILL_COLOR };

struct reframe {
    struct rational aspect;
    int fill;
    struct focus focus;
    struct extent width;
    double blur_percent;
    struct rgba color;
};

extern const struct step reframe_step;
