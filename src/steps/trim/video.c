/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: moving picture. */
#include "note.h"
#include "trim.h"

video_face trim_video;

bool trim_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct programme programme = programme_before(env);
    double from_s, to_s;
    bool clipped;
    if (!programme_trim(&programme, params, env->measured, &from_s, &to_s, &clipped, failure) ||
        !chain_trim(chain, failure, from_s, to_s))
        return false;
    trim_note(chain, &programme, params, from_s, to_s);
    return true;
}
