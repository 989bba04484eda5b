/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `deinterlace` takes: full frames from fields. */
#pragma once

#include "model/step.h"

enum deinterlace_rate { RATE_FRAME, RATE_FIELD, RATE_FILM, RATE_SEGMENTED };

struct deinterlace {
    int rate, order;
    int keep_height; /* of pictures that stay interlaced; 0 none */
};

extern const struct step deinterlace_step;
