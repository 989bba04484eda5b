/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: moving picture. */
#include "../programme.h"
#include "fade.h"

#include <math.h>

video_face fade_video;

static bool fade_one(struct chain *chain, const struct fade *fade, bool in, double start_s,
                     double length_s, struct failure *failure)
{
    chain_note(chain, "faded %s over %.2f s", in ? "in" : "out", length_s);
    return chain_fade(chain, failure, in, MAX(start_s, 0), length_s, fade->color);
}

bool fade_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct fade *fade = params;
    struct programme programme = programme_before(env);
    double in_s, out_s;
    if (!programme_resolve(&programme, &fade->in, 0, "fade.in", &in_s, failure) ||
        !programme_resolve(&programme, &fade->out, 0, "fade.out", &out_s, failure))
        return false;
    if (out_s > 0 && isnan(programme.duration_s))
        return fail(failure, FAIL_CONFIG,
                    "fade.out: how long the source is isn't known, so its end can't fade");
    return (in_s <= 0 || fade_one(chain, fade, true, 0, in_s, failure)) &&
           (out_s <= 0 ||
            fade_one(chain, fade, false, programme.duration_s - out_s, out_s, failure));
}
