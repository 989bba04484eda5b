/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resample`: sound. */
#include "resample.h"
#include "steps/faces.h"

audio_face resample_audio;

bool resample_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct resample *resample = params;
    return chain_resample(chain, failure, resample->rate_hz);
}
