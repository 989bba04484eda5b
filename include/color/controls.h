/* SPDX-License-Identifier: GPL-3.0-or-later
 * The controls of a grading desk, as stages of a look. They act on the values that flow, 0 black
 * to 1 white, in this order; nothing is clamped; a control at its neutral value is no stage.
 *
 * 1. exposure, temperature, tint: factors on light. Values are taken as light to the power
 *    1 / light_gamma: 2.4 for what is shown as video (BT.1886), 1 for linear light. A factor k on
 *    light is then the factor k^(1/light_gamma) on values. temperature and tint: color/white.h.
 *      v = v * (2^exposure * white)^(1/light_gamma)
 * 2. contrast, around a pivot that stays: a slope on encoded values, a power on linear light.
 *      v = (v - pivot) * contrast + pivot            light_gamma other than 1
 *      v = pivot * (v / pivot)^contrast              light_gamma 1; mirrored below 0
 * 3. lift, gamma, gain, per channel: lift moves black and keeps white, gain makes 1/gain white and
 *    keeps black, gamma above 1 brightens what lies between; values below 0 go past gamma.
 *      v = (v + lift) / (1/gain + lift)
 *      v = v^(1/gamma)
 * 4. curves (color/monotone.h): red, green and blue, then the master on all three.
 *
 * The formulas of 1 to 3 are OpenColorIO's GradingPrimary transform (exposure and contrast of its
 * linear style, contrast of its log style, the rest of its video style, with pivots at 0 and 1),
 * in the order its styles have; 4 stands behind it as its GradingRGBCurve does. */
#pragma once

#include "color/look.h"
#include "color/monotone.h"

/* 18 % grey: BT.709's OETF of 0.18, and in linear light. */
#define CONTROLS_GREY_VIDEO 0.409
#define CONTROLS_GREY_LINEAR 0.18
#define CONTROLS_GAMMA_VIDEO 2.4

enum control_curve { CURVE_RED, CURVE_GREEN, CURVE_BLUE, CURVE_MASTER, CONTROL_CURVES };

struct controls {
    double light_gamma;
    double exposure_stops, temperature_k, tint;
    double contrast, pivot; /* pivot NAN: 18 % grey */
    double lift[3], gamma[3], gain[3];
    struct monotone curves[CONTROL_CURVES]; /* fitted; count 0: none */
};

/* A look of these controls whose summary says those that aren't neutral; NULL when all are. */
struct look *controls_look(const struct controls *controls);
