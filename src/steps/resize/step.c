/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: another size of picture. */
#include "resize.h"

static const char *const fits[] = {"inside", "outside", "fill", "stretch", NULL};
static const char *const kernels[] = {"lanczos",  "bicubic", "bilinear",
                                      "spline36", "nearest", NULL};

static const struct resize defaults = {.fit = 0};

static const struct param rows[] = {
    {"width", "of the box; percent of the source's", P_EXTENT(struct resize, width)},
    {"height", "of the box; percent of the source's", P_EXTENT(struct resize, height)},
    {"fit", "inside the box, outside it, fill it and cut off what is over, or stretch to it",
     P_CHOICE(struct resize, fit, fits)},
    {"upscale", "may become larger than the source", P_BOOL(struct resize, upscale)},
    {"kernel", "the filter", P_CHOICE(struct resize, kernel, kernels)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct resize *resize = params;
    if (!resize->width.set && !resize->height.set) {
        diag_error(diag, at, "for example resize: {height: 1080}",
                   "resize: neither width nor height is given");
        return false;
    }
    if (resize->fit == FIT_FILL && !(resize->width.set && resize->height.set)) {
        diag_error(diag, at, "give both", "resize: fit: fill needs width and height");
        return false;
    }
    return true;
}

const struct step resize_step = {
    .name = "resize",
    .summary = "change the size of the picture",
    .help =
        "With one of width and height the other follows, and the shape is kept. Anamorphic "
        "pictures\n"
        "become square-pixelled. Nothing is enlarged unless upscale says so. Moving picture: "
        "sizes\n"
        "are even where chroma is subsampled. Stills: mixed in their own encoding, premultiplied\n"
        "alpha, and never down to 8 bits on the way.",
    .example = "resize: {width: 1920, height: 1080, fit: inside}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct resize), &defaults, NULL},
    .version = 2,
    .check = check,
};
