/* SPDX-License-Identifier: GPL-3.0-or-later
 * `channels`: another channel layout. */
#include "channels.h"

static const char *const layouts[] = {"mono", "stereo", "5.1", NULL};

static const struct channels defaults = {.layout = 1};

static const struct param rows[] = {
    {"layout", "of the result", P_CHOICE(struct channels, layout, layouts), P_REQUIRED},
};

const struct step channels_step = {
    .name = "channels",
    .summary = "change the channel layout",
    .help = "Explicit matrices, the same in every sample format. To stereo: Lo/Ro of ITU-R "
            "BS.775-3 (centre\n"
            "and surrounds at -3.01 dB, LFE left out). Stereo to mono: half of each. Mono to "
            "stereo: the\n"
            "same signal in both at 0 dB. To 5.1: the channels that are there, the others silent.",
    .example = "channels: stereo",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct channels), &defaults, "layout"},
    .version = 1,
};
