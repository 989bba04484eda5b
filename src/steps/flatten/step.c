/* SPDX-License-Identifier: GPL-3.0-or-later
 * `flatten`: transparency laid on a colour. */
#include "flatten.h"

static const struct flatten defaults = {.color = {255, 255, 255, 255}};

static const struct param rows[] = {
    {"color", "of the ground", P_COLOR(struct flatten, color)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct flatten *flatten = params;
    if (flatten->color.a == 255)
        return true;
    diag_error(diag, at, "for example flatten: white",
               "flatten: the colour of the ground is transparent itself");
    return false;
}

const struct step flatten_step = {
    .name = "flatten",
    .summary = "lay a transparent picture on a colour",
    .help =
        "What comes after has no transparency. A still is laid on white by itself where its "
        "format\n"
        "has none (JPEG), and the report says so. Depth stays; a picture without transparency is\n"
        "left as it is.",
    .example = "flatten: \"#202020\"",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct flatten), &defaults, "color"},
    .draws = true,
    .version = 1,
    .check = check,
};
