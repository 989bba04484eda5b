/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `color` takes: from one colour space to another. */
#pragma once

#include "color/space.h"
#include "model/step.h"

struct color {
    int from;               /* 0: as tagged, else a space, from 1 */
    int to;                 /* a space, from 0 */
    int tone_map;           /* enum tone_map */
    double peak, from_peak; /* cd/m2; NAN: not given */
};

extern const struct step color_step;
