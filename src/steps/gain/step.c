/* SPDX-License-Identifier: GPL-3.0-or-later
 * `gain`: louder or softer. */
#include "gain.h"

static const struct gain defaults = {.gain_db = 0};

static const struct param rows[] = {
    {"gain", "change of level", P_NUMBER(struct gain, gain_db, UNIT_DB), P_RANGE(-100, 60),
     P_REQUIRED},
};

const struct step gain_step = {
    .name = "gain",
    .summary = "change the level",
    .help = "One exact factor. Samples above full scale are kept inside the chain and clipped, and "
            "counted,\n"
            "only where the output's format can't hold them.",
    .example = "gain: -3 dB",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct gain), &defaults, "gain"},
    .version = 1,
};
