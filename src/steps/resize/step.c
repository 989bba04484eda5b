/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: another size of picture. */
#include "fit.h"

#include "model/fields.h"

#include <math.h>

static const char *const fits[] = {"inside", "outside", "fill", "stretch", NULL};
static const char *const lights[] = {"auto", "gamma", "linear", NULL};
const char *const resize_kernels[] = {"lanczos",  "bicubic", "bilinear",
                                      "spline36", "nearest", NULL};

static const struct resize defaults = {.fit = 0};

static const struct param rows[] = {
    {"width", "of the box; percent of the source's", P_SIDE(struct resize, width)},
    {"height", "of the box; percent of the source's", P_SIDE(struct resize, height)},
    {"fit", "inside the box, outside it, fill it and cut off what is over, or stretch to it",
     P_CHOICE(struct resize, fit, fits)},
    FOCUS_ROWS(struct resize, "with fill: which part is kept"),
    {"upscale", "may become larger than the source", P_BOOL(struct resize, upscale)},
    {"kernel", "the filter", P_CHOICE(struct resize, kernel, resize_kernels)},
    {"light", "stills: mix codes, or light; auto: light where there are more than 8 bits",
     P_CHOICE(struct resize, light, lights)},
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
    if (resize->fit != FIT_FILL && (resize->focus.place || resize->focus.focal.set)) {
        diag_error(diag, at, "take `fit: fill`, or leave it out",
                   "resize: nothing is cut off, so no part can be chosen");
        return false;
    }
    return focus_check(&resize->focus, "resize", at, diag);
}

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    double sar = flows->sar.num ? rational_value(flows->sar) : 1;
    struct fitted fitted = resize_fit(params, (int)lround(flows->width * sar), flows->height, 2, 2);
    if (((const struct resize *)params)->light == LIGHT_LINEAR)
        diag_error(diag, at, "leave it out, or give stills a job of their own",
                   "resize: light: linear is for stills; moving picture is mixed as it is coded");
    if (fitted.height != flows->height) {
        diag_error(diag, at, "put `- deinterlace` before it",
                   "resize: the picture is interlaced, and %d rows of %d would mix its two fields",
                   fitted.height, flows->height);
        flows->interlaced = false;
    }
    flows->width = fitted.keep_width;
    flows->height = fitted.keep_height;
    flows->sar = (struct rational){1, 1};
}

const struct step resize_step = {
    .name = "resize",
    .summary = "change the size of the picture",
    .help =
        "With one of width and height the other follows, and the shape is kept. Anamorphic "
        "pictures\n"
        "become square-pixelled. Nothing is enlarged unless upscale says so; a still then at most "
        "to\n"
        "max_megapixels of the job. Moving picture: sizes are even, but for an odd number that is\n"
        "asked for where chroma isn't subsampled. Stills: premultiplied alpha, and never down to 8 "
        "bits on\n"
        "the way. light: linear keeps the brightness of fine detail (a checker of black and white\n"
        "becomes 188 of 255, not 128), gamma draws edges with less ringing.\n"
        "A JPEG is scaled as it is coded, its halved chroma from there, and where it becomes a "
        "quarter\n"
        "as wide or less from means of four, sixteen and so on: up to three codes of 255 away in\n"
        "photographs, more in halftones, noise and other patterns finer than the size can hold.\n"
        "Not with light: linear or kernel: nearest, or behind other steps.\n"
        "Interlaced picture keeps its height: put deinterlace before it to change "
        "that.\n" FOCUS_HELP,
    .example = "resize: {width: 1920, height: 1080, fit: inside}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct resize), &defaults, NULL},
    .version = 6,
    .reshapes = true,
    .fields = fields,
    .check = check,
};
