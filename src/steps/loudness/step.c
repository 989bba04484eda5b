/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness`: programme loudness. */
#include "loudness.h"

#include "../channels/channels.h"

static const char *const policies[] = {"lower", "fail", NULL};

static const struct loudness defaults = {.target_lufs = -23, .true_peak_dbtp = -1};

static const struct param rows[] = {
    {"target", "integrated loudness of the result",
     P_NUMBER(struct loudness, target_lufs, UNIT_LUFS), P_RANGE(-70, -5)},
    {"true_peak", "highest true peak allowed", P_NUMBER(struct loudness, true_peak_dbtp, UNIT_DBTP),
     P_RANGE(-20, 0)},
    {"on_peak",
     "when the target would put the peak too high: lower the whole programme until it fits, or "
     "fail",
     P_CHOICE(struct loudness, on_peak, policies)},
    {"dual_mono", "a mono file is heard from two loudspeakers: read it 3.01 LU higher",
     P_BOOL(struct loudness, dual_mono)},
};

const struct step loudness_step = {
    .name = "loudness",
    .summary = "bring a programme to a loudness",
    .help = "Measures the whole programme first (ITU-R BS.1770-4: integrated loudness and true "
            "peak), then\n"
            "changes it by one exact gain. Never dynamic: nothing is compressed or limited. "
            "Defaults are\n"
            "those of EBU R 128. Silence and programmes shorter than 400 ms can't be measured; "
            "they keep\n"
            "their level, and the report says so.",
    .example = "loudness: {target: -23 LUFS, true_peak: -1 dBTP}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct loudness), &defaults, "target"},
    .version = 1,
    .measures = true,
    .mixes = &channels_step,
};
