/* SPDX-License-Identifier: GPL-3.0-or-later
 * Made-up steps. */
#include "fake.h"

#include "base/unit.h"

struct cut {
    struct position from, to, length;
};
static const struct param cut_rows[] = {
    {"from", "first moment", P_POSITION(struct cut, from)},
    {"to", "last moment", P_POSITION(struct cut, to)},
    {"length", "instead of to", P_POSITION(struct cut, length)},
};
static const struct cut cut_defaults;

static bool cut_check(const void *params, struct mark at, struct diag *diag)
{
    const struct cut *cut = params;
    if (!cut->to.kind || !cut->length.kind)
        return true;
    diag_error(diag, at, "give one of them", "cut: both to and length are given");
    return false;
}

struct level {
    double target_lufs;
    int mode;
};
static const char *const modes[] = {"lower", "limit", NULL};
static const struct param level_rows[] = {
    {"target", "programme loudness", P_NUMBER(struct level, target_lufs, UNIT_LUFS),
     P_RANGE(-70, -5)},
    {"mode", "what gives", P_CHOICE(struct level, mode, modes)},
};
static const struct level level_defaults = {.target_lufs = -23};

struct tint {
    char *lut;
};
static const struct param tint_rows[] = {
    {"lut", "the look", P_FILE(struct tint, lut), P_REQUIRED},
};
static const struct tint tint_defaults;

static const struct step cut_step = {
    .name = "cut",
    .summary = "keep a part",
    .help = "Keeps a part.",
    .example = "cut: {from: 2s}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {cut_rows, G_N_ELEMENTS(cut_rows), sizeof(struct cut), &cut_defaults, NULL},
    .check = cut_check,
};
static const struct step level_step = {
    .name = "level",
    .summary = "set the loudness",
    .help = "Sets it.",
    .example = "level: -23 LUFS",
    .faces = KIND_AUDIO,
    .params = {level_rows, G_N_ELEMENTS(level_rows), sizeof(struct level), &level_defaults,
               "target"},
    .measures = true,
};
static const struct step tint_step = {
    .name = "tint",
    .summary = "colour the picture",
    .help = "Colours it.",
    .example = "tint: day.cube",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {tint_rows, G_N_ELEMENTS(tint_rows), sizeof(struct tint), &tint_defaults, "lut"},
};
static const struct step snap_step = {
    .name = "snap",
    .summary = "take a still",
    .help = "Takes the first frame.",
    .example = "snap",
    .faces = KIND_VIDEO,
    .params = {cut_rows, 1, sizeof(struct cut), &cut_defaults, NULL},
    .makes_still = true,
};

const struct step *const fake_steps[] = {&cut_step, &level_step, &tint_step, &snap_step};
const unsigned fake_step_count = G_N_ELEMENTS(fake_steps);
