/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: moving picture. */
#include "steps/programme.h"
#include "trim.h"

#include <math.h>

video_face trim_video;

bool trim_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct programme programme = programme_before(env);
    double from_s, to_s;
    bool clipped;
    if (!programme_trim(&programme, params, &from_s, &to_s, &clipped, failure) ||
        !chain_trim(chain, failure, from_s, to_s))
        return false;
    if (isnan(to_s))
        to_s = programme.duration_s;
    chain_note(chain, "trimmed to %.3f-%.3f s%s", from_s, to_s,
               clipped ? " (the source ends before the asked end)" : "");
    return true;
}
