/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `resample` takes: another sample rate. */
#pragma once

#include "model/step.h"

struct resample {
    int rate_hz;
};

extern const struct step resample_step;
