/* SPDX-License-Identifier: GPL-3.0-or-later
 * `blur`: a Gaussian. */
#include "blur.h"

static const struct blur defaults = {.radius = {2, false, true}};

enum { SIGMA_MOST_PX = 200, PERCENT_MOST = 10 };
static const double SIGMA_LEAST_PX = 0.1;

static const struct param rows[] = {
    {"radius", "standard deviation of the Gaussian; percent of the picture's width",
     P_EXTENT(struct blur, radius), P_RANGE(0.1, SIGMA_MOST_PX)},
};

double blur_sigma(const struct blur *blur, int width)
{
    const struct extent radius = blur->radius;
    const double px = radius.percent ? radius.value / 100 * width : radius.value;
    return CLAMP(px, SIGMA_LEAST_PX, SIGMA_MOST_PX);
}

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct blur *blur = params;
    if (!blur->radius.percent || blur->radius.value <= PERCENT_MOST)
        return true;
    diag_error(diag, at, "for example blur: 2%", "blur: a radius is at most %d %% of the width",
               PERCENT_MOST);
    return false;
}

const struct step blur_step = {
    .name = "blur",
    .summary = "make the picture soft: a Gaussian",
    .help =
        "The same numbers on a frame and a still, of 8, 16 bits or float. Code values are mixed "
        "as\n"
        "they flow (gamma), chroma by as many of the picture's pixels as luma, colours weighed by\n"
        "their alpha; on interlaced picture each field alone. From 8 pixels on it is made on a\n"
        "picture reduced by 2, 4, 8 …, within a code of 8 bits of all its taps. At most 200 "
        "pixels.",
    .example = "blur: 1.5%",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct blur), &defaults, "radius"},
    .version = 4,
    .check = check,
};
