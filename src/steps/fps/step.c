/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps`: a constant frame rate. */
#include "fps.h"

static const struct fps defaults = {.rate = {0, 1}};

static const struct param rows[] = {
    {"rate", "frames per second: 25, 30000/1001, or 23.976 (which is 24000/1001)",
     P_RATE(struct fps, rate), P_REQUIRED},
};

const struct step fps_step = {
    .name = "fps",
    .summary = "make the frame rate constant",
    .help =
        "Gives every moment of the new rate the frame of the source that is nearest in time; "
        "frames\n"
        "are repeated or left out, never blended. The sound is not touched, so picture and sound\n"
        "stay together. The report says how many were repeated and left out.",
    .example = "fps: 25",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct fps), &defaults, "rate"},
    .version = 1,
};
