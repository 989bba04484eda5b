/* SPDX-License-Identifier: GPL-3.0-or-later
 * `compress`: less range between loud and soft. */
#include "compress.h"

static const struct compress defaults = {
    .threshold_dbfs = -20, .ratio = 3, .knee_db = 6, .attack_s = 0.01, .release_s = 0.15};

static const struct param rows[] = {
    {"threshold", "the level above which it is turned down",
     P_NUMBER(struct compress, threshold_dbfs, UNIT_DBFS), P_RANGE(-80, 0)},
    {"ratio", "so many dB above the threshold become one",
     P_NUMBER(struct compress, ratio, UNIT_NONE), P_RANGE(1, 100)},
    {"knee", "how wide the bend around the threshold is; 0 dB is a corner",
     P_NUMBER(struct compress, knee_db, UNIT_DB), P_RANGE(0, 40)},
    {"attack", "time constant of turning down", P_NUMBER(struct compress, attack_s, UNIT_SECONDS),
     P_RANGE(0, 2)},
    {"release", "time constant of coming back", P_NUMBER(struct compress, release_s, UNIT_SECONDS),
     P_RANGE(0, 10)},
    {"makeup", "gain on all of it, afterwards", P_NUMBER(struct compress, makeup_db, UNIT_DB),
     P_RANGE(-40, 40)},
};

const struct step compress_step = {
    .name = "compress",
    .summary = "turn loud passages down",
    .help =
        "Feed-forward, after Giannoulis, Massberg and Reiss (JAES 60, 2012). The level is the "
        "mean\n"
        "square of the loudest channel over 10 ms, in dBFS of a sine (AES17); all channels are\n"
        "turned down alike. In a knee of W dB around the threshold T a level x loses\n"
        "(1 - 1/ratio)(x - T + W/2)² / 2W. A time constant is how long 63 % of a change in dB "
        "take.\n"
        "Makeup is what is given, never automatic: set the loudness afterwards. No delay.",
    .example = "compress: {threshold: -24 dBFS, ratio: 3, attack: 10ms, release: 200ms}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct compress), &defaults, "threshold"},
    .version = 1,
};
