/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `channels` takes: another channel layout. */
#pragma once

#include "model/step.h"

struct channels {
    int layout;
};

extern const struct step channels_step;
