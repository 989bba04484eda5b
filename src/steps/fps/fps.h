/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `fps` takes: a constant frame rate. */
#pragma once

#include "model/step.h"

enum fps_mode { FPS_NEAREST, FPS_BLEND };

struct fps {
    struct rational rate;
    int mode; /* enum fps_mode */
};

extern const struct step fps_step;
