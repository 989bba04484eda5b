/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `denoise` takes: less noise, in sound or in picture. */
#pragma once

#include "model/step.h"

enum denoise_of { DENOISE_SOUND, DENOISE_PICTURE, DENOISE_BOTH };

struct denoise {
    int of;
    double reduction_db, floor_dbfs;
    double strength_percent;
};

extern const struct step denoise_step;
