/* SPDX-License-Identifier: GPL-3.0-or-later
 * `silence`: silence at the ends. */
#include "silence.h"

static const char *const trims[] = {"none", "start", "end", "both", NULL};

static const struct silence defaults = {.threshold_dbfs = -60};

static const struct param rows[] = {
    {"trim", "which end is freed of its silence", P_CHOICE(struct silence, trim, trims)},
    {"threshold", "silent is where the samples of all channels are below it",
     P_NUMBER(struct silence, threshold_dbfs, UNIT_DBFS), P_RANGE(-120, -20)},
    {"keep", "so much of the silence stays at an end that is trimmed",
     P_NUMBER(struct silence, keep_s, UNIT_SECONDS), P_RANGE(0, 60)},
    {"head", "digital silence put before, after trimming",
     P_NUMBER(struct silence, head_s, UNIT_SECONDS), P_RANGE(0, 3600)},
    {"tail", "digital silence put behind", P_NUMBER(struct silence, tail_s, UNIT_SECONDS),
     P_RANGE(0, 3600)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct silence *silence = params;
    if (silence->trim != SILENCE_KEPT || silence->head_s > 0 || silence->tail_s > 0)
        return true;
    diag_error(diag, at, "for example silence: {trim: both, keep: 0.2s, tail: 1s}",
               "silence: neither trim, head nor tail is given");
    return false;
}

const struct step silence_step = {
    .name = "silence",
    .summary = "trim silence off the ends, or put some there",
    .help =
        "For outputs of sound alone: beside a picture it is refused, since the two would no\n"
        "longer be in step. Exact to the sample; what stays is not changed. Quiet sound that may\n"
        "be the end is held back: any length of digital silence, and 64 MB of quiet noise (about\n"
        "three minutes of stereo). A longer quiet end is cut by that much, and the report says\n"
        "so. How long a trimmed programme is isn't known to the steps behind: put a fade of its\n"
        "end before. A file that is silent throughout fails.",
    .example = "silence: {trim: both, threshold: -60 dBFS, keep: 0.2s, head: 0.5s, tail: 1s}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct silence), &defaults, "trim"},
    .version = 1,
    .check = check,
};
