/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `pad` takes: a larger canvas. */
#pragma once

#include "model/step.h"

#include "../place.h"

struct pad {
    struct extent width, height, border;
    struct rational aspect;
    int place;
    struct rgba color;
};

extern const struct step pad_step;
