/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `grade` takes: colour correction. */
#pragma once

#include "model/step.h"

enum lut_range { LUT_AS_IS, LUT_FULL, LUT_VIDEO };

struct grade_params {
    double slope[3], offset[3], power[3], saturation;
    int clamp;
    char *lut;
    int lut_range;
};

extern const struct step grade_step;
