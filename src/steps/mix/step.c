/* SPDX-License-Identifier: GPL-3.0-or-later
 * `mix`: another sound over the programme's. */
#include "mix.h"

static const struct mix defaults = {.loop = false};

static const struct param rows[] = {
    {"file",
     "the sound: any file with a sound track, looked up beside the pipeline, then with the input",
     P_FILE(struct mix, file), P_REQUIRED},
    {"gain", "its level; 0 dB adds it as it is", P_NUMBER(struct mix, gain_db, UNIT_DB),
     P_RANGE(-100, 40)},
    {"at", "where it begins; else at the start", P_POSITION(struct mix, at)},
    {"loop", "it begins again when it is through", P_BOOL(struct mix, loop)},
    {"fade", "how long its end fades, or the programme's end if that comes first",
     P_NUMBER(struct mix, fade_s, UNIT_SECONDS), P_RANGE(0, 600)},
};

const struct step mix_step = {
    .name = "mix",
    .summary = "add music or an ident to the sound",
    .help =
        "Begins at the sample. The file is resampled to the programme's rate and mixed to its\n"
        "channels by the matrices of `channels`; the programme keeps its length and its level.\n"
        "Sums above full scale are kept inside the chain: set a loudness afterwards. The fade\n"
        "is a quarter sine, as that of `fade`.",
    .example = "mix: {file: music.wav, gain: -18 dB, at: 2s, loop: yes, fade: 3s}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct mix), &defaults, "file"},
    .version = 1,
};
