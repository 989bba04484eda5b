/* SPDX-License-Identifier: GPL-3.0-or-later
 * `channels`: sound. */
#include "channels.h"
#include "steps/faces.h"

audio_face channels_audio;

static const enum sound_downmix downmixes[] = {MIX_AS_SOURCE, MIX_LO_RO, MIX_LT_RT};

bool channels_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct channels *channels = params;
    bool usual = channels->layout == CHANNELS_USUAL;
    const struct sound_mix mix = {
        .layout = usual ? NULL : channels_step.params.rows[0].choices[channels->layout],
        .pick = channels->map.value,
        .picks = channels->map.count,
        .downmix = downmixes[channels->downmix],
        .center_db = channels->center_db,
        .surround_db = channels->surround_db,
        .lfe_db = channels->lfe_db,
        .safe = channels->headroom != 0,
    };
    return chain_mix(chain, failure, &mix);
}
