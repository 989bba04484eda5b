/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sharpen`: an unsharp mask. */
#include "sharpen.h"

static const struct sharpen defaults = {.amount_percent = 50, .radius_px = 1};

static const struct param rows[] = {
    {"amount", "how much of the detail is added",
     P_NUMBER(struct sharpen, amount_percent, UNIT_PERCENT), P_RANGE(1, 500)},
    {"radius", "how wide detail is: standard deviation of the blur that it is told by",
     P_NUMBER(struct sharpen, radius_px, UNIT_PIXELS), P_RANGE(0.1, 10)},
    {"threshold", "detail below it, such as noise, stays: of the way from black to white",
     P_NUMBER(struct sharpen, threshold_percent, UNIT_PERCENT), P_RANGE(0, 50)},
};

const struct step sharpen_step = {
    .name = "sharpen",
    .summary = "make detail stand out: an unsharp mask",
    .help =
        "Luma only: colours, chroma and alpha stay. What a Gaussian blur of `radius` takes from "
        "luma,\n"
        "less `threshold`, is added `amount` times. The same numbers on a frame and a still; on\n"
        "interlaced picture each field alone. Works on code values as they flow: log, PQ and HLG "
        "are\n"
        "sharpened as they are, so a grade to another space belongs before it. Sharpen last, "
        "after\n"
        "`resize`.",
    .example = "sharpen: {amount: 60%, radius: 0.8}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct sharpen), &defaults, "amount"},
    .version = 1,
};
