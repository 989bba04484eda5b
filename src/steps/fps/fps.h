/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `fps` takes: a constant frame rate. */
#pragma once

#include "model/step.h"

struct fps {
    struct rational rate;
};

extern const struct step fps_step;
