/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rotate`: quarter turns and mirrors. */
#include "rotate.h"

#include "model/fields.h"

static const char *const angles[] = {"0", "90", "180", "270", NULL};
static const char *const mirrors[] = {"none", "horizontal", "vertical", NULL};

static const struct rotate defaults = {.angle = 0};

static const struct param rows[] = {
    {"angle", "degrees clockwise", P_CHOICE(struct rotate, angle, angles)},
    {"mirror", "after turning: left to right, or top to bottom",
     P_CHOICE(struct rotate, mirror, mirrors)},
};

enum { MIRROR_VERTICAL = 2 };

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct rotate *rotate = params;
    if (!rotate->angle && rotate->mirror != MIRROR_VERTICAL)
        return;
    diag_error(diag, at, "put `- deinterlace` before it",
               "rotate: the picture is interlaced, and its fields would be torn apart");
    flows->interlaced = false;
}

const struct step rotate_step = {
    .name = "rotate",
    .summary = "turn or mirror the picture",
    .help = "What the camera wrote about the picture's orientation (display matrix, EXIF) is "
            "always applied\n"
            "first and removed; this turns what people then see. Exact: no pixel is mixed.",
    .example = "rotate: 90",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct rotate), &defaults, "angle"},
    .fields = fields,
    .version = 1,
    .reshapes = true,
};
