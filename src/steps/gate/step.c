/* SPDX-License-Identifier: GPL-3.0-or-later
 * `gate`: soft passages softer. */
#include "gate.h"

static const struct gate defaults = {.threshold_dbfs = -50,
                                     .ratio = 10,
                                     .range_db = 40,
                                     .attack_s = 0.002,
                                     .hold_s = 0.05,
                                     .release_s = 0.1};

static const struct param rows[] = {
    {"threshold", "the level below which it is turned down",
     P_NUMBER(struct gate, threshold_dbfs, UNIT_DBFS), P_RANGE(-100, 0)},
    {"ratio", "one dB below the threshold becomes so many; 2 expands, 10 and more gate",
     P_NUMBER(struct gate, ratio, UNIT_NONE), P_RANGE(1, 100)},
    {"range", "at most so much softer", P_NUMBER(struct gate, range_db, UNIT_DB), P_RANGE(0, 100)},
    {"attack", "time constant of opening", P_NUMBER(struct gate, attack_s, UNIT_SECONDS),
     P_RANGE(0, 2)},
    {"hold", "how long it stays open", P_NUMBER(struct gate, hold_s, UNIT_SECONDS), P_RANGE(0, 10)},
    {"release", "time constant of closing", P_NUMBER(struct gate, release_s, UNIT_SECONDS),
     P_RANGE(0, 10)},
};

const struct step gate_step = {
    .name = "gate",
    .summary = "turn pauses down",
    .help = "A downward expander. The level is that of `compress`, of all channels together; a "
            "level of\n"
            "d dB below the threshold loses (ratio - 1) · d dB, at most range. It looks 10 ms "
            "ahead, so\n"
            "that it is open when a word begins; no sample is late. A time constant is how long 63 "
            "% of\n"
            "a change in dB take.",
    .example = "gate: {threshold: -50 dBFS, range: 20 dB, release: 200ms}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct gate), &defaults, "threshold"},
    .version = 1,
};
