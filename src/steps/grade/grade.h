/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `grade` takes: colour correction. */
#pragma once

#include "model/step.h"

enum lut_range { LUT_AS_IS, LUT_FULL, LUT_VIDEO };

struct grade_params {
    double exposure_stops, temperature_k, tint, contrast, pivot; /* pivot NAN: 18 % grey */
    double lift[3], gamma[3], gain[3];
    GPtrArray *curves; /* master red green blue → points as text */
    double slope[3], offset[3], power[3], saturation;
    int clamp;
    char *cdl, *cdl_id, *cdl_clip;
    int cdl_by, cdl_missing;
    char *lut;
    int lut_range;
    int space, lut_to; /* 0: as it flows, unchanged; else a space, from 1 */
};

/* Of `cdl_missing`. */
enum { CDL_MISSING_FAIL, CDL_MISSING_SKIP };

extern const struct step grade_step;
