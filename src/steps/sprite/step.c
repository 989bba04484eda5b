/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sprite`: thumbnails for the time line of a web player. */
#include "sprite.h"

#include "color/colors.h"
#include "tiles.h"

static const struct sprite defaults = {.every_s = 10, .width = 160, .columns = 10};

static const struct param rows[] = {
    {"every", "time from one thumbnail to the next", P_NUMBER(struct sprite, every_s, UNIT_SECONDS),
     P_RANGE(0.1, 3600)},
    {"width", "of a thumbnail", P_INT(struct sprite, width, UNIT_PIXELS), P_RANGE(16, 1920)},
    {"columns", "thumbnails side by side", P_INT(struct sprite, columns, UNIT_NONE),
     P_RANGE(1, 100)},
};

static char *too_large(const void *params, double seen_s, double aspect)
{
    const struct tiles tiles = sprite_tiles(params, seen_s, aspect);
    return seen_s > 0 ? sprite_problem(params, &tiles) : NULL;
}

static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    colors_show(flows, sprite_step.name, at);
    return true;
}

const struct step sprite_step = {
    .name = "sprite",
    .summary = "thumbnails every few seconds in one picture, for a web player's time line",
    .help =
        "The output is then a picture without margins: thumbnail k, from the left and then from "
        "the\n"
        "top, is the frame at k times `every`, in its true shape. Of interlaced picture one field "
        "is\n"
        "taken; what is transparent is laid on white. HDR is shown in sRGB.\n"
        "With `to: thumbs/${stem}/${stem}.vtt` the output is a folder of the picture and of a\n"
        "WebVTT track for players, whose cues name the part of it to show "
        "(file.jpg#xywh=0,0,160,90):\n"
        "`sprite` is its last step then, and the picture is a JPEG unless encode: {image: {format: "
        "webp}}\n"
        "or png.",
    .example = "sprite: {every: 10s, width: 160, columns: 10}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct sprite), &defaults, "every"},
    .version = 4,
    .colors = colors,
    .makes_still = true,
    .makes_thumbnails = true,
    .too_large = too_large,
};
