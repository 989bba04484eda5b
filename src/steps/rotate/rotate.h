/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `rotate` takes: quarter turns and mirrors. */
#pragma once

#include "model/step.h"

struct rotate {
    int angle, mirror;
};

extern const struct step rotate_step;
