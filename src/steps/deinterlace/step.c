/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deinterlace`: full frames from fields. */
#include "deinterlace.h"

static const char *const rates[] = {"frame", "field", NULL};
static const char *const orders[] = {"auto", "top", "bottom", NULL};

static const struct deinterlace defaults = {.rate = 0};

static const struct param rows[] = {
    {"rate", "one frame out of a pair of fields, or one of each field (25i to 50p)",
     P_CHOICE(struct deinterlace, rate, rates)},
    {"order", "which field comes first, when the file doesn't say or lies",
     P_CHOICE(struct deinterlace, order, orders)},
};

const struct step deinterlace_step = {
    .name = "deinterlace",
    .summary = "turn fields into full frames",
    .help = "Motion-adaptive (bwdif). Progressive frames pass untouched when the order is auto.",
    .example = "deinterlace: {rate: field}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct deinterlace), &defaults, "rate"},
    .version = 1,
};
