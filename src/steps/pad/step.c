/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pad`: a larger canvas. */
#include "canvas.h"

#include "model/fields.h"

static const struct pad defaults = {.color = {0, 0, 0, 255}};

static const struct param rows[] = {
    {"width", "of the canvas; percent of the picture's", P_SIDE(struct pad, width)},
    {"height", "of the canvas; percent of the picture's", P_SIDE(struct pad, height)},
    {"aspect", "the smallest canvas of this shape, as 16/9 or 1:1, instead of width and height",
     P_RATE(struct pad, aspect)},
    {"border",
     "at least so much on each side, with or without a size or an aspect; percent of the picture's "
     "width",
     P_EXTENT(struct pad, border), P_RANGE(0, 16384)},
    {"place", "where the picture stands on it", P_CHOICE(struct pad, place, place_names)},
    {"color", "of the canvas", P_COLOR(struct pad, color)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct pad *pad = params;
    const bool size = pad->width.set || pad->height.set;
    if (pad->aspect.num && size) {
        diag_error(diag, at, "for example pad: {aspect: 16/9}",
                   "pad: give either a size or an aspect");
        return false;
    }
    if (!pad->aspect.num && !size && !pad->border.set) {
        diag_error(diag, at, "for example pad: {aspect: 16/9}, or pad: {border: 5%}",
                   "pad: neither a size, an aspect nor a border is given");
        return false;
    }
    return true;
}

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    struct canvas canvas = pad_canvas(params, flows->width, flows->height, flows->sar, 2, 4);
    flows->width = canvas.width;
    flows->height = canvas.height;
}

const struct step pad_step = {
    .name = "pad",
    .summary = "put the picture on a larger canvas",
    .help = "A canvas smaller than the picture, with its border, is made as large as that. A "
            "border is as\n"
            "wide on all sides; where chroma is subsampled it is rounded up to even pixels.",
    .example = "pad: {aspect: 16/9, color: black}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct pad), &defaults, NULL},
    .draws = true,
    .version = 1,
    .reshapes = true,
    .fields = fields,
    .check = check,
};
