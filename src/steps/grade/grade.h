/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `grade` takes: colour correction. */
#pragma once

#include "model/step.h"

struct grade_params {
    double exposure_stops, temperature_k, tint, contrast, pivot; /* pivot NAN: 18 % grey */
    double lift[3], gamma[3], gain[3];
    GPtrArray *curves; /* master red green blue → points as text */
    double slope[3], offset[3], power[3], saturation;
    int clamp;
    char *lut;
};

extern const struct step grade_step;
