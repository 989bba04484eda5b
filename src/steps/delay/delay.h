/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `delay` takes: sound later or sooner. */
#pragma once

#include "model/step.h"

struct delay {
    struct position by;
    int samples;
};

extern const struct step delay_step;
