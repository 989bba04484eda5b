/* SPDX-License-Identifier: GPL-3.0-or-later
 * `still`: a still out of moving picture. */
#include "still.h"

#include "color/colors.h"
#include "model/timeline.h"

static const struct still_params defaults = {.at = {.kind = POSITION_PERCENT, .value = 10}};

static const struct param rows[] = {
    {"at", "which frame: time, frame, percentage or timecode", P_POSITION(struct still_params, at)},
};

static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    colors_show(flows, still_step.name, at);
    return true;
}

static double needs_s(const void *params, const struct facts *facts)
{
    return step_moment_s(&((const struct still_params *)params)->at, facts);
}

static char *misses(const void *params, const struct facts *facts)
{
    const struct still_params *still = params;
    const struct timeline source = timeline_of(facts);
    double at_s;
    return timeline_find(&source, &still->at, "still.at", &at_s);
}

const struct step still_step = {
    .name = "still",
    .summary = "take one frame as a still",
    .help =
        "The output is then a picture: JPEG, PNG, WebP, AVIF or TIFF. Anamorphic frames come out\n"
        "in their true shape, turned as the camera was held. A place past the end is an error,\n"
        "the end itself is the last frame. HDR that is tagged so comes to sRGB, as\n"
        "`color: {to: srgb}` brings it there.",
    .example = "still: {at: 25%}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct still_params), &defaults, "at"},
    .version = 3,
    .colors = colors,
    .makes_still = true,
    .needs_s = needs_s,
    .misses = misses,
};
