/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `denoise` takes: less noise. */
#pragma once

#include "model/step.h"

struct denoise {
    double reduction_db, floor_dbfs;
};

extern const struct step denoise_step;
