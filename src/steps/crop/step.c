/* SPDX-License-Identifier: GPL-3.0-or-later
 * `crop`: a box of the picture. */
#include "box.h"

#include "model/fields.h"

static const struct crop defaults = {.aspect = {0, 1}};

static const struct param rows[] = {
    {"width", "width of the box; percent of the picture's", P_SIDE(struct crop, width)},
    {"height", "height of the box; percent of the picture's", P_SIDE(struct crop, height)},
    {"aspect", "the largest box of this shape, as 16/9 or 16:9, instead of width and height",
     P_RATE(struct crop, aspect)},
    {"x", "left edge; instead of place", P_EXTENT(struct crop, x)},
    {"y", "top edge; instead of place", P_EXTENT(struct crop, y)},
    FOCUS_ROWS(struct crop, "which part is kept"),
    {"vbi",
     "instead of a box: the 32 rows of vertical blanking above a D-10 (IMX) picture of 720x608 or "
     "720x512 go; any other picture stays as it is",
     P_BOOL(struct crop, vbi)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct crop *crop = params;
    if (crop->aspect.num && (crop->width.set || crop->height.set)) {
        diag_error(diag, at, "give the box, or its shape",
                   "crop: both a size and an aspect are given");
        return false;
    }
    bool boxed =
             crop->aspect.num || crop->width.set || crop->height.set || crop->x.set || crop->y.set,
         placed = crop->focus.place || crop->focus.focal.set;
    if (crop->vbi && (boxed || placed)) {
        diag_error(diag, at, "crop in a second step", "crop: both vbi and a box are given");
        return false;
    }
    if (!crop->vbi && !boxed) {
        diag_error(diag, at, "for example crop: {width: 50%, height: 50%}",
                   "crop: no box is given");
        return false;
    }
    return focus_check(&crop->focus, "crop", at, diag);
}

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct crop *crop = params;
    struct box box = {.width = flows->width, .height = flows->height};
    if (crop->vbi)
        crop_vbi(flows->width, flows->height, &box, &flows->sar);
    else
        box = crop_box(crop, flows->width, flows->height, flows->sar, 2, 4);
    flows->width = box.width;
    flows->height = box.height;
}

const struct step crop_step = {
    .name = "crop",
    .summary = "keep a box of the picture",
    .help = "The box is moved inside the picture when it hangs over an edge. Where chroma is "
            "subsampled\n"
            "it is rounded down to even edges, so that colours don't shift; the report gives the "
            "box.\n"
            "vbi: true goes first, before deinterlace, and is in the presets of television and the "
            "web.\n" FOCUS_HELP,
    .example = "crop: {aspect: 16/9}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct crop), &defaults, NULL},
    .version = 1,
    .reshapes = true,
    .fields = fields,
    .check = check,
};
