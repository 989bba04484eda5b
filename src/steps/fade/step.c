/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: a soft beginning and end. */
#include "fade.h"

static const char *const curves[] = {"qsin", "hsin", "linear", NULL};

static const struct fade defaults = {.color = {0, 0, 0, 255}};

static const struct param rows[] = {
    {"in", "how long the beginning takes: time or frames", P_POSITION(struct fade, in)},
    {"out", "how long the end takes", P_POSITION(struct fade, out)},
    {"color", "what the picture comes from and goes to", P_COLOR(struct fade, color)},
    {"curve", "of the sound's gain: a quarter sine, half a cosine (soft at both ends), or a line",
     P_CHOICE(struct fade, curve, curves)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct fade *fade = params;
    if (fade->in.kind == POSITION_NONE && fade->out.kind == POSITION_NONE) {
        diag_error(diag, at, "for example fade: {in: 1s, out: 1s}",
                   "fade: neither in nor out is given");
        return false;
    }
    if (fade->in.from_end || fade->out.from_end || fade->in.kind == POSITION_TIMECODE ||
        fade->out.kind == POSITION_TIMECODE) {
        diag_error(diag, at, "for example 12f or 0.5s", "fade: in and out are lengths of time");
        return false;
    }
    return true;
}

const struct step fade_step = {
    .name = "fade",
    .summary = "fade in and out",
    .help =
        "Picture fades linearly from and to a colour, sound with it, to the sample: by a quarter\n"
        "sine, which keeps the power of two that cross, or by `curve`.\n"
        "What is shorter than its fades together gets none, and the report says so.",
    .example = "fade: {in: 12f, out: 1s}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct fade), &defaults, NULL},
    .draws = true,
    .version = 3,
    .check = check,
};
