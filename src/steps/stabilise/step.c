/* SPDX-License-Identifier: GPL-3.0-or-later
 * `stabilise`: a steady camera. */
#include "stabilise.h"

#include "model/fields.h"

static const char *const borders[] = {"crop", "mirror", "black", NULL};

static const struct stabilise defaults = {.smooth_s = 0.5, .zoom_percent = 10};

static const struct param rows[] = {
    {"smooth",
     "quicker movement is shake: standard deviation of the Gaussian that the camera's way is "
     "smoothed by",
     P_NUMBER(struct stabilise, smooth_s, UNIT_SECONDS), P_RANGE(0.04, 60)},
    {"border",
     "where a moved frame doesn't reach: enlarge the picture until it does, mirror it, or show "
     "black",
     P_CHOICE(struct stabilise, border, borders)},
    {"zoom", "of crop: enlarged by this at most; shots that shake more are steadied less",
     P_NUMBER(struct stabilise, zoom_percent, UNIT_PERCENT), P_RANGE(0, 50)},
};

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    diag_error(diag, at, "put `- deinterlace` before it",
               "stabilise: the picture is interlaced, and its two fields would be mixed");
    flows->interlaced = false;
}

const struct step stabilise_step = {
    .name = "stabilise",
    .summary = "take the shake out of a hand-held camera",
    .help =
        "Measures the whole programme first: from each frame to the next a shift, a turn and a "
        "zoom,\n"
        "fitted to all of the picture, in which what moves by itself counts little. Then the way "
        "is\n"
        "smoothed, shot by shot, and frames are moved by what is missing, with bicubic "
        "interpolation\n"
        "in their own depth; the report says by how much, and by how much the picture is enlarged. "
        "A\n"
        "camera that stands still gives the frames as they were, to the bit. Rolling shutter and\n"
        "parallax stay. Interlaced picture after `deinterlace`; before `resize`, `text` and "
        "`overlay`.",
    .example = "stabilise: {smooth: 0.7s, border: crop}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct stabilise), &defaults, "smooth"},
    .fields = fields,
    .version = 2,
    .measures = true,
};
