/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `stabilise` takes: how smooth a camera's way becomes, and what fills the edges. */
#pragma once

#include "model/step.h"

struct stabilise {
    double smooth_s, zoom_percent;
    int border;
};

extern const struct step stabilise_step;
