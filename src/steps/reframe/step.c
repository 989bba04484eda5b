/* SPDX-License-Identifier: GPL-3.0-or-later
 * `reframe`: another shape of picture. */
#include "shape.h"

#include "color/colors.h"
#include "model/fields.h"

static const char *const fills[] = {"crop", "blur", "color", NULL};

static const struct reframe defaults = {
    .aspect = {0, 1}, .blur_percent = 4, .color = {0, 0, 0, 255}};

static const struct param rows[] = {
    {"aspect", "the shape: 9:16, 1:1, 4:5 …", P_RATE(struct reframe, aspect), P_REQUIRED},
    {"fill",
     "crop to the shape, or keep all of the picture and fill what is left with the picture itself "
     "blurred, or with a colour",
     P_CHOICE(struct reframe, fill, fills)},
    FOCUS_ROWS(struct reframe, "which part is kept; or where the picture stands"),
    {"width",
     "of the result; percent of the picture's. Not given: crop keeps pixels as they are, "
     "else the shorter side stays as long as it is",
     P_SIDE(struct reframe, width)},
    {"blur", "how soft the blur is: standard deviation, of the result's shorter side",
     P_NUMBER(struct reframe, blur_percent, UNIT_PERCENT), P_RANGE(0.5, 25)},
    {"color", "of the canvas", P_COLOR(struct reframe, color)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct reframe *reframe = params;
    const double aspect = reframe->aspect.num ? rational_value(reframe->aspect) : 1;
    if (aspect < 0.1 || aspect > 10) {
        diag_error(diag, at, "for example reframe: {aspect: 9:16}",
                   "reframe: a shape is between 1:10 and 10:1");
        return false;
    }
    if (reframe->fill != FILL_CROP && (focus_looks(&reframe->focus) || reframe->focus.focal.set)) {
        diag_error(diag, at, "take `fill: crop`, or a place such as top",
                   "reframe: all of the picture is kept, so no part of it can be chosen");
        return false;
    }
    return focus_check(&reframe->focus, "reframe", at, diag);
}

static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    const struct reframe *reframe = params;
    if (reframe->fill == FILL_COLOR && colors_are_special(flows))
        diag_report(diag, DIAG_NOTE, at, NULL,
                    "reframe draws in the code values of %s, as if they were those of an SDR "
                    "display",
                    flows->space->name);
    return true;
}

/* As if chroma were whole in each field; where it is in pairs of rows, a rest shows in the run. */
static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct reframe *reframe = params;
    const struct reshaped to =
        reframe_shape(reframe, flows->width, flows->height, flows->sar, 2, 2, 2);
    const bool whole = to.width == to.inner_width && to.height == to.inner_height;
    const char *mixed = to.inner_height != to.keep_height      ? "scaled into one another"
                        : reframe->fill == FILL_BLUR && !whole ? "blurred into one another"
                                                               : NULL;
    if (mixed) {
        diag_error(diag, at, "put `- deinterlace` before it",
                   "reframe: the picture is interlaced, and its two fields would be %s", mixed);
        flows->interlaced = false;
    }
    flows->width = to.width;
    flows->height = to.height;
    flows->sar = (struct rational){1, 1};
}

const struct step reframe_step = {
    .name = "reframe",
    .summary = "give the picture another shape: upright, square, wide",
    .help =
        "`fill: crop` keeps the largest part of that shape. `blur` and `color` keep all of the\n"
        "picture, and put it before itself, enlarged and blurred, or on a canvas. Anamorphic "
        "pictures\n"
        "become square-pixelled. Where chroma is subsampled, sizes and places are even. "
        "Interlaced\n"
        "picture can be cropped, but not scaled: put `deinterlace` before. PQ, HLG and log are\n"
        "blurred in the code values that flow.\n" FOCUS_HELP,
    .example = "reframe: {aspect: 9:16, fill: blur}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct reframe), &defaults, "aspect"},
    .version = 2,
    .reshapes = true,
    .colors = colors,
    .fields = fields,
    .check = check,
};
