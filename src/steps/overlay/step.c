/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: a picture on top. */
#include "overlay.h"

static const struct overlay defaults = {
    .place = PLACE_BOTTOM_RIGHT, .margin = {3, true, true}, .opacity = 100};

static const struct param rows[] = {
    {"image",
     "the picture: PNG, JPEG, WebP or TIFF, looked up beside the pipeline, then with the input",
     P_FILE(struct overlay, image), P_REQUIRED},
    {"place", "where it stands", P_CHOICE(struct overlay, place, place_names)},
    {"margin", "distance from the edges; percent of the picture's height",
     P_EXTENT(struct overlay, margin)},
    {"width", "of the overlay; percent of the picture's", P_EXTENT(struct overlay, width)},
    {"opacity", "how solid it is", P_NUMBER(struct overlay, opacity, UNIT_PERCENT),
     P_RANGE(0, 100)},
    {"from", "first moment it is seen", P_POSITION(struct overlay, from)},
    {"to", "first moment it is gone", P_POSITION(struct overlay, to)},
};

const struct step overlay_step = {
    .name = "overlay",
    .summary = "put a logo or watermark on the picture",
    .help = "Its transparency is kept. Times are for moving picture; on a still it is always seen.",
    .example = "overlay: {image: logo.png, width: 12%, opacity: 60%}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct overlay), &defaults, "image"},
    .draws = true,
    .version = 2,
};
