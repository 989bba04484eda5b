/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `deflicker` takes: how slow a change of light is meant, and how large one is no flicker. */
#pragma once

#include "model/step.h"

struct deflicker {
    double smooth_s, limit_percent;
};

extern const struct step deflicker_step;
