/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: sound. */
#include "denoise.h"
#include "steps/faces.h"

audio_face denoise_audio;

bool denoise_audio(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct denoise *denoise = params;
    if (denoise->of == DENOISE_PICTURE || env->aside)
        return true;
    chain_note(chain, "noise at %g dBFS reduced by %g dB", denoise->floor_dbfs,
               denoise->reduction_db);
    return chain_denoise_sound(chain, failure, denoise->reduction_db, denoise->floor_dbfs);
}
