/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `deinterlace` takes: full frames from fields. */
#pragma once

#include "model/step.h"

struct deinterlace {
    int rate, order;
};

extern const struct step deinterlace_step;
