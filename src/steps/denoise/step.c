/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: less noise. */
#include "denoise.h"

static const struct denoise defaults = {.reduction_db = 12, .floor_dbfs = -50};

static const struct param rows[] = {
    {"reduction", "of sound: how much softer the noise becomes",
     P_NUMBER(struct denoise, reduction_db, UNIT_DB), P_RANGE(0.01, 97)},
    {"floor", "of sound: the level of the noise in a pause, rms",
     P_NUMBER(struct denoise, floor_dbfs, UNIT_DBFS), P_RANGE(-80, -20)},
};

const struct step denoise_step = {
    .name = "denoise",
    .summary = "take steady noise out of the sound",
    .help =
        "Hiss and fans, not hum and clicks: libavfilter's afftdn weighs the spectrum of each\n"
        "moment against white noise at `floor`, which is what a meter reads in a pause. Its delay\n"
        "is taken back: no sample is late, lost or added.",
    .example = "denoise: {reduction: 12 dB, floor: -50 dBFS}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct denoise), &defaults, "reduction"},
    .version = 1,
};
