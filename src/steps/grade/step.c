/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: colour correction. */
#include "grade.h"
#include "points.h"

#include <math.h>

static const char *const clamps[] = {"asc", "none", NULL};

static const struct grade_params defaults = {.temperature_k = 6500,
                                             .contrast = 1,
                                             .pivot = NAN,
                                             .gamma = {1, 1, 1},
                                             .gain = {1, 1, 1},
                                             .slope = {1, 1, 1},
                                             .offset = {0, 0, 0},
                                             .power = {1, 1, 1},
                                             .saturation = 1};

static const struct param rows[] = {
    {"exposure", "brighter by so many doublings of light",
     P_NUMBER(struct grade_params, exposure_stops, UNIT_STOPS), P_RANGE(-10, 10)},
    {"temperature", "of the light in the scene, which becomes white: higher makes it warmer",
     P_NUMBER(struct grade_params, temperature_k, UNIT_KELVIN), P_RANGE(2000, 15000)},
    {"tint", "the light's green, taken out: positive is more magenta; 3000 is 1 in CIE 1960 uv",
     P_NUMBER(struct grade_params, tint, UNIT_NONE), P_RANGE(-150, 150)},
    {"contrast", "around pivot", P_NUMBER(struct grade_params, contrast, UNIT_NONE),
     P_RANGE(0, 10)},
    {"pivot", "the value that contrast leaves; 18 % grey otherwise: 0.409, in linear light 0.18",
     P_NUMBER(struct grade_params, pivot, UNIT_NONE), P_RANGE(0.01, 1)},
    {"lift", "of red, green, blue: moves black, keeps white", P_TRIPLE(struct grade_params, lift),
     P_RANGE(-1, 1)},
    {"gamma", "above 1 is brighter between black and white", P_TRIPLE(struct grade_params, gamma),
     P_RANGE(0.01, 100)},
    {"gain", "1 / gain becomes white; keeps black", P_TRIPLE(struct grade_params, gain),
     P_RANGE(0.01, 100)},
    {"curves", "smooth through points: {master: \"0 0, 0.5 0.6, 1 1\", red: …, green: …, blue: …}",
     P_DICT(struct grade_params, curves)},
    {"slope", "gain of each of red, green, blue", P_TRIPLE(struct grade_params, slope),
     P_RANGE(0, 100)},
    {"offset", "added after slope", P_TRIPLE(struct grade_params, offset), P_RANGE(-10, 10)},
    {"power", "gamma, after offset", P_TRIPLE(struct grade_params, power), P_RANGE(0.01, 100)},
    {"saturation", "after power; Rec.709 weights",
     P_NUMBER(struct grade_params, saturation, UNIT_NONE), P_RANGE(0, 10)},
    {"clamp", "asc clamps to 0-1 before power and at the end; none keeps what is outside",
     P_CHOICE(struct grade_params, clamp, clamps)},
    {"lut", "a .cube file, applied last: looked up beside the pipeline, then with the input",
     P_FILE(struct grade_params, lut)},
};

static bool check_wheels(const struct grade_params *grade, struct mark at, struct diag *diag)
{
    for (int c = 0; c < 3; c++) {
        if (1 / grade->gain[c] + grade->lift[c] > 0)
            continue;
        g_autofree char *gain = number_text(grade->gain[c]), *lift = number_text(grade->lift[c]);
        diag_error(diag, at, "allowed: 1 / gain + lift above 0",
                   "grade: gain %s and lift %s together leave no white", gain, lift);
        return false;
    }
    return true;
}

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct grade_params *grade = params;
    const bool wheels = check_wheels(grade, at, diag);
    return curves_check(grade->curves, at, diag) && wheels;
}

const struct step grade_step = {
    .name = "grade",
    .summary = "correct colour with controls, a CDL and a LUT",
    .help =
        "In this order, each left out where it is neutral, in 32-bit float on the RGB that the\n"
        "source's tagged matrix and range give, 0 black to 1 white, clamped nowhere but where\n"
        "`clamp` says so:\n"
        "1. exposure, temperature and tint: factors on light. Video is taken as light to the "
        "power\n"
        "   1/2.4 (BT.1886), linear light as it is; on PQ and HLG they are refused. On a camera's\n"
        "   log they aren't stops of the scene: convert it first.\n"
        "2. contrast: (v - pivot) * contrast + pivot; in linear light pivot * (v / "
        "pivot)^contrast.\n"
        "3. lift, gamma, gain: ((v + lift) / (1/gain + lift))^(1/gamma).\n"
        "4. curves, straight on beyond their ends, without overshoot (Fritsch-Butland cubics): "
        "red,\n"
        "   green and blue, then master.\n"
        "5. the CDL: slope, offset, power, then saturation (ASC CDL 1.2).\n"
        "6. the LUT, 1D or 3D, with tetrahedral interpolation.\n"
        "1 to 4 are the formulas and the order of OpenColorIO's GradingPrimary and "
        "GradingRGBCurve;\n"
        "they correct a clip before the look, 5 and 6, is laid on it. The same code and the same\n"
        "numbers for moving picture and stills. A grade that changes nothing leaves every pixel "
        "as\n"
        "it is.",
    .example = "grade: {exposure: 0.5 stops, temperature: 5000 K, contrast: 1.1, lut: "
               "looks/day.cube}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct grade_params), &defaults, NULL},
    .version = 1,
    .check = check,
};
