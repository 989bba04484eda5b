/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `silence` takes: silence at the ends. */
#pragma once

#include "model/step.h"

enum silence_trim { SILENCE_KEPT, SILENCE_START, SILENCE_END, SILENCE_BOTH };

struct silence {
    int trim; /* enum silence_trim */
    double threshold_dbfs, keep_s, head_s, tail_s;
};

extern const struct step silence_step;
