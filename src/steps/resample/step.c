/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resample`: another sample rate. */
#include "resample.h"

static const struct resample defaults = {.rate_hz = 0};

static const struct param rows[] = {
    {"rate", "samples per second", P_INT(struct resample, rate_hz, UNIT_HZ), P_RANGE(8000, 384000),
     P_REQUIRED},
};

const struct step resample_step = {
    .name = "resample",
    .summary = "change the sample rate",
    .help =
        "soxr at 28 bits of precision: flat to 0.45 of the lower rate (0.05 dB), aliases below\n"
        "-120 dB. No sample is early, late, lost or added: what was at sample k is at\n"
        "k · to / from, and N samples become N · to / from, rounded.",
    .example = "resample: 48 kHz",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct resample), &defaults, "rate"},
    .version = 2,
};
