/* SPDX-License-Identifier: GPL-3.0-or-later
 * `still`: one frame of moving picture. */
#include "steps/programme.h"
#include "steps/shown.h"
#include "still.h"

#include <math.h>

video_face still_video;

bool still_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct still_params *still = params;
    struct programme programme = programme_before(env);
    double at_s;
    if (!programme_resolve(&programme, &still->at, 0, "still.at", &at_s, failure))
        return false;
    at_s = fmin(at_s, programme_last_s(&programme));
    chain_note(chain, "still taken at %.3f s", at_s);
    return chain_pick(chain, failure, at_s, !isnan(programme_seen_s(&programme))) &&
           shown_video(chain, failure);
}
