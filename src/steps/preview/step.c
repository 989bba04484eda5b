/* SPDX-License-Identifier: GPL-3.0-or-later
 * `preview`: a strip of moments before and after. */
#include "preview.h"

static const struct preview_params defaults = {.frames = 4, .width = 1280};

static const struct param rows[] = {
    {"frames", "moments, spread evenly over the programme",
     P_INT(struct preview_params, frames, UNIT_NONE), P_RANGE(1, PREVIEW_FRAMES_MAX)},
    {"width", "of the picture", P_INT(struct preview_params, width, UNIT_PIXELS),
     P_RANGE(480, 7680)},
};

const struct step preview_step = {
    .name = "preview",
    .summary = "show a grade: frames before and after, with their scopes",
    .help =
        "The output is then a picture (PNG, WebP, JPEG, AVIF or TIFF) for looking at: some "
        "moments\n"
        "of the clip as they were decoded and, below, as the steps before `preview` leave them,\n"
        "with timecode; under both a waveform of luma, a parade of red, green and blue, and a\n"
        "vectorscope, counted over all the moments at full size. Waveform and parade reach from\n"
        "-10 to 110 %, with lines at 0, 25, 50, 75 and 100 %; what isn't legal is orange. The\n"
        "vectorscope has boxes for 75 % colour bars, and the line of skin. Values are shown as\n"
        "they flow: log, PQ and HLG look as flat as they are. The preset `grade-preview` is this\n"
        "step; report.html shows its pictures.",
    .example = "preview: {frames: 4}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct preview_params), &defaults, "frames"},
    .version = 1,
    .makes_still = true,
};
