/* SPDX-License-Identifier: GPL-3.0-or-later
 * `gain`: sound. */
#include "../level.h"
#include "gain.h"
#include "steps/faces.h"

audio_face gain_audio;

bool gain_audio(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct gain *gain = params;
    chain_note(chain, "gain %+.2f dB", gain->gain_db);
    return level_change(chain, gain->gain_db, failure);
}
