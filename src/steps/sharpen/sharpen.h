/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `sharpen` takes: an unsharp mask. */
#pragma once

#include "model/step.h"

struct sharpen {
    double amount_percent, radius_px, threshold_percent;
};

extern const struct step sharpen_step;
