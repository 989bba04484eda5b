/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `freeze` takes: a frame, and how long it is held. */
#pragma once

#include "model/step.h"

enum freeze_sound { FREEZE_SILENCE, FREEZE_GOES_ON };

struct freeze {
    struct position at, length;
    int sound;
};

extern const struct step freeze_step;
