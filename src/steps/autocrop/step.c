/* SPDX-License-Identifier: GPL-3.0-or-later
 * `autocrop`: black bars cut off. */
#include "autocrop.h"

static const struct autocrop defaults = {.threshold_percent = 5, .round = 2};

static const struct param rows[] = {
    {"threshold", "what is darker is black: of the way from black to white",
     P_NUMBER(struct autocrop, threshold_percent, UNIT_PERCENT), P_RANGE(0.1, 50)},
    {"round", "width and height become multiples of it, by cutting off more",
     P_INT(struct autocrop, round, UNIT_PIXELS), P_RANGE(1, 64)},
};

const struct step autocrop_step = {
    .name = "autocrop",
    .summary = "cut off black bars: letterbox, pillarbox or both",
    .help =
        "Looks at the whole programme first. A row or column is kept when at least one in 50 of\n"
        "its pixels was brighter than `threshold` for a second in all, or for a tenth of a short\n"
        "programme: fades, flashes and noise don't move the box, but subtitles that stand in a "
        "bar\n"
        "are picture. One box for all of it: where the shape changes, the largest. The box begins "
        "on\n"
        "whole samples of chroma (of interlaced picture in the same field) and has even sizes "
        "where\n"
        "chroma is subsampled; the report gives it. A programme that is black from end to end "
        "stays\n"
        "as it is.",
    .example = "autocrop: {threshold: 5%}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct autocrop), &defaults, "threshold"},
    .version = 1,
    .reshapes = true,
    .measures = true,
};
