/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: sound. */
#include "note.h"
#include "trim.h"

audio_face trim_audio;

bool trim_audio(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct programme programme = programme_before(env);
    double from_s, to_s;
    bool clipped;
    if (!programme_trim(&programme, params, env->measured, &from_s, &to_s, &clipped, failure) ||
        !chain_trim(chain, failure, from_s, to_s))
        return false;
    if (!programme_has_picture(env)) /* which tells of it */
        trim_note(chain, &programme, params, from_s, to_s);
    return true;
}
