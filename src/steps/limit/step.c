/* SPDX-License-Identifier: GPL-3.0-or-later
 * `limit`: a ceiling for the true peak. */
#include "limit.h"

static const struct limit defaults = {.ceiling_dbtp = -1, .release_s = 0.05};

static const struct param rows[] = {
    {"ceiling", "highest true peak of the result", P_NUMBER(struct limit, ceiling_dbtp, UNIT_DBTP),
     P_RANGE(-40, 0)},
    {"release", "time in which the gain comes back to 1/e of its reduction",
     P_NUMBER(struct limit, release_s, UNIT_SECONDS), P_RANGE(0.001, 5)},
    {"gain", "change of level before the limiter", P_NUMBER(struct limit, gain_db, UNIT_DB),
     P_RANGE(-60, 60)},
};

const struct step limit_step = {
    .name = "limit",
    .summary = "keep the true peak under a ceiling",
    .help =
        "A look-ahead limiter: peaks are read between the samples, too (ITU-R BS.1770-4), the "
        "gain is down\n"
        "before they come, and is the same in all channels. What needs no limiting stays what "
        "it is, to the\n"
        "bit, and nothing is delayed. The report says by how much and how long it worked. Lossy "
        "codecs make\n"
        "peaks of their own behind it: leave them some dB, or use loudness with on_peak: "
        "limit, which hears\nthem.",
    .example = "limit: {ceiling: -1 dBTP, gain: 6 dB}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct limit), &defaults, "ceiling"},
    .version = 1,
};
