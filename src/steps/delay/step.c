/* SPDX-License-Identifier: GPL-3.0-or-later
 * `delay`: sound later or sooner. */
#include "delay.h"

static const struct delay defaults = {.samples = 0};

static const struct param rows[] = {
    {"by", "how much later: time or frames of the picture; with a minus, sooner",
     P_POSITION(struct delay, by)},
    {"samples", "the same in samples, instead of by", P_INT(struct delay, samples, UNIT_NONE),
     P_RANGE(-10000000, 10000000)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct delay *delay = params;
    bool timed = delay->by.kind != POSITION_NONE;
    if (timed == (delay->samples != 0)) {
        diag_error(diag, at, "for example delay: 40ms, or delay: {samples: -480}",
                   "delay: give one of by and samples");
        return false;
    }
    if (delay->by.kind == POSITION_PERCENT || delay->by.kind == POSITION_TIMECODE) {
        diag_error(diag, at, "for example 40ms or -2f", "delay.by: is a length of time");
        return false;
    }
    return true;
}

const struct step delay_step = {
    .name = "delay",
    .summary = "move sound against the picture",
    .help =
        "To the sample, for sound that is out of step. The length stays: silence comes in at one\n"
        "end, and what is moved beyond the other is cut off. No sample is changed. At most a\n"
        "minute. What else has a time stays: picture, timecode, the time reference of a WAV, cue\n"
        "points and chapters. The sound moves against all of them.",
    .example = "delay: -2f",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct delay), &defaults, "by"},
    .version = 1,
    .check = check,
};
