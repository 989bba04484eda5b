/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `speed` takes: faster or slower. */
#pragma once

#include "model/step.h"

struct speed {
    double factor;
    int pitch;
};

/* What is noted of it. */
#define NOTE_SPEED "played %.9g times as fast"

extern const struct step speed_step;
