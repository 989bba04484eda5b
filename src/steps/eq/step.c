/* SPDX-License-Identifier: GPL-3.0-or-later
 * `eq`: one band of an equaliser. */
#include "eq.h"

#include <math.h>

static const char *const types[] = {"bell",      "low_shelf", "high_shelf",
                                    "high_pass", "low_pass",  NULL};
static const char *const slopes[] = {"12", "24", "48", NULL};

static const struct eq defaults = {.gain_db = NAN, .q = NAN};

static const struct param rows[] = {
    {"type", "what the band does", P_CHOICE(struct eq, type, types), P_REQUIRED},
    {"at", "the middle of a bell or of a shelf's slope; where a pass is at -3.01 dB",
     P_NUMBER(struct eq, at_hz, UNIT_HZ), P_RANGE(10, 100000), P_REQUIRED},
    {"gain", "of a bell's middle, or of what is on a shelf", P_NUMBER(struct eq, gain_db, UNIT_DB),
     P_RANGE(-40, 40)},
    {"q", "of a bell (1: two thirds of an octave above and below); of a shelf, 0.7071",
     P_NUMBER(struct eq, q, UNIT_NONE), P_RANGE(0.1, 40)},
    {"slope", "of a pass, in dB an octave", P_CHOICE(struct eq, slope, slopes)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct eq *eq = params;
    bool pass = eq->type == EQ_HIGH_PASS || eq->type == EQ_LOW_PASS;
    if (pass && !(isnan(eq->gain_db) && isnan(eq->q))) {
        diag_error(diag, at, "for example eq: {type: high_pass, at: 80 Hz, slope: 24}",
                   "eq: a %s has a slope, but no gain and no q", types[eq->type]);
        return false;
    }
    if (!pass && (isnan(eq->gain_db) || eq->slope)) {
        diag_error(diag, at, "for example eq: {type: bell, at: 3 kHz, gain: -2 dB, q: 1.2}",
                   "eq: a %s has a gain, and no slope", types[eq->type]);
        return false;
    }
    return true;
}

const struct step eq_step = {
    .name = "eq",
    .summary = "equalise: one band of bell, shelf or pass",
    .help =
        "One step is one band; several steps make several. Bells and shelves are those of\n"
        "R. Bristow-Johnson's Audio EQ Cookbook, passes are Butterworth filters of 2, 4 and 8\n"
        "poles made of them, in double at every sample rate. No delay is added; phases turn as\n"
        "in any analogue equaliser.",
    .example = "eq: {type: bell, at: 3 kHz, gain: -2 dB, q: 1.2}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct eq), &defaults, NULL},
    .version = 1,
    .check = check,
};
