/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deflicker`: even light. */
#include "deflicker.h"

#include "color/colors.h"

static const struct deflicker defaults = {.smooth_s = 0.5, .limit_percent = 30};

static const struct param rows[] = {
    {"smooth",
     "quicker changes of light are flicker: standard deviation of the Gaussian that levels are "
     "smoothed by",
     P_NUMBER(struct deflicker, smooth_s, UNIT_SECONDS), P_RANGE(0.04, 5)},
    {"limit", "what is off the frames around it by more is a flash, and stays",
     P_NUMBER(struct deflicker, limit_percent, UNIT_PERCENT), P_RANGE(1, 90)},
};

static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    if (!colors_are_special(flows))
        return true;
    g_autofree char *flowing = colors_text(flows, at);
    diag_error(diag, at, "put it behind a `color` or `grade` that makes SDR of it",
               "deflicker: %s flows here, whose light isn't evened out by a factor of code values",
               flowing);
    return false;
}

const struct step deflicker_step = {
    .name = "deflicker",
    .summary = "even out the light of a time lapse or of lamps",
    .help =
        "Measures the mean luma of every frame first. Then each frame's levels are multiplied, "
        "luma "
        "above\nblack and chroma by the same factor, which is a factor of its light, so that its "
        "mean is on the\nstraight line through those of the frames around it, within its shot. A "
        "frame around which light\ndoesn't go up and down by more than grain does isn't touched: "
        "fades, cuts and steady light stay,\nto the bit. So does what `limit` takes for a flash, "
        "and what changes by more than the light\naround it flickers. All of the picture is "
        "multiplied alike: bands of a rolling shutter stay. For\nSDR picture; a log picture after "
        "its `color` or `grade`. The report says by how much, and how\nmany frames.",
    .example = "deflicker: {smooth: 0.5s}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct deflicker), &defaults, "smooth"},
    .colors = colors,
    .version = 2,
    .measures = true,
};
