/* SPDX-License-Identifier: GPL-3.0-or-later
 * `preview`: a strip of moments before and after. */
#include "preview.h"

static const struct preview_params defaults = {.frames = 4, .width = 1280};

static const struct param rows[] = {
    {"frames", "moments, spread evenly over the programme; a still is one",
     P_INT(struct preview_params, frames, UNIT_NONE), P_RANGE(1, PREVIEW_FRAMES_MAX)},
    {"width", "of the picture", P_INT(struct preview_params, width, UNIT_PIXELS),
     P_RANGE(480, 7680)},
};

const struct step preview_step = {
    .name = "preview",
    .summary = "show a grade: frames before and after, with their scopes",
    .help =
        "The output is then a picture (PNG, WebP, JPEG, AVIF or TIFF) for looking at: moments of\n"
        "the clip as they were decoded and, below, as the steps before `preview` leave them, with\n"
        "timecode; a still side by side. Under both a waveform of luma, a parade of red, green "
        "and\n"
        "blue, and a vectorscope, counted over all the moments at full size. Waveform and parade\n"
        "reach from -10 to 110 %, with lines at 0, 25, 50, 75 and 100 %; luma that isn't legal is\n"
        "orange. The vectorscope has boxes for 75 % colour bars, and the line of skin. Values are\n"
        "shown as they flow: log, PQ and HLG look as flat as they are. The preset `grade-preview`\n"
        "is this step; report.html shows its pictures.",
    .example = "preview: {frames: 4}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct preview_params), &defaults, "frames"},
    .version = 3,
    .makes_still = true,
};
