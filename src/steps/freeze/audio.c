/* SPDX-License-Identifier: GPL-3.0-or-later
 * `freeze`: sound. */
#include "freeze.h"
#include "media/chain_picture.h"
#include "steps/programme.h"

audio_face freeze_audio;

bool freeze_audio(struct chain *chain, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct freeze *freeze = params;
    const struct programme programme = programme_before(env);
    double at_s, length_s;
    const bool picture = !env->source || env->source->kind == KIND_VIDEO;
    if (freeze->sound == FREEZE_GOES_ON || !picture)
        return true;
    return programme_freeze(&programme, freeze, &at_s, &length_s, failure) &&
           chain_gap(chain, failure, at_s, length_s);
}
