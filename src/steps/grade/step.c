/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: colour correction. */
#include "grade.h"

static const char *const clamps[] = {"asc", "none", NULL};
static const char *const lut_ranges[] = {"as-is", "full", "video", NULL};

static const struct grade_params defaults = {
    .slope = {1, 1, 1}, .offset = {0, 0, 0}, .power = {1, 1, 1}, .saturation = 1};

static const struct param rows[] = {
    {"slope", "gain of each of red, green, blue", P_TRIPLE(struct grade_params, slope),
     P_RANGE(0, 100)},
    {"offset", "added after slope", P_TRIPLE(struct grade_params, offset), P_RANGE(-10, 10)},
    {"power", "gamma, after offset", P_TRIPLE(struct grade_params, power), P_RANGE(0.01, 100)},
    {"saturation", "after power; Rec.709 weights",
     P_NUMBER(struct grade_params, saturation, UNIT_NONE), P_RANGE(0, 10)},
    {"clamp", "asc clamps to 0-1 before power and at the end; none keeps what is outside",
     P_CHOICE(struct grade_params, clamp, clamps)},
    {"lut", "a LUT, applied last: .cube, .3dl, .spi1d, .spi3d, .csp, .clf, or a HaldCLUT image",
     P_FILE(struct grade_params, lut)},
    {"lut_range", "code values that the LUT is made for: as they flow, full, or video",
     P_CHOICE(struct grade_params, lut_range, lut_ranges)},
};

const struct step grade_step = {
    .name = "grade",
    .summary = "correct colour with a CDL and a LUT",
    .help =
        "The arithmetic of ASC CDL 1.2 (slope, offset, power, then saturation), then a 1D or 3D "
        "LUT with\n"
        "tetrahedral interpolation, in 32-bit float on the RGB that the source's tagged matrix "
        "and\n"
        "range give. The same code and the same numbers for moving picture and stills. A grade\n"
        "that changes nothing leaves every pixel as it is.\n"
        "A LUT is looked up beside the pipeline, then with the input. HaldCLUT images are .png, "
        ".tif\n"
        "or .tiff; of 8 bits they are coarse. With lut_range: video, 0 and 1 become 64 and 940 of "
        "1023\n"
        "before the LUT and are made of them after it, at the ends that its file names, or both. A "
        "file\n"
        "that names an end of video range is refused with as-is; full applies it all the same.",
    .example = "grade: {slope: [1.1, 1, 0.95], saturation: 0.9, lut: looks/day.cube}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct grade_params), &defaults, NULL},
    .version = 1,
};
