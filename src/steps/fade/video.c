/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: moving picture. */
#include "lengths.h"

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
    struct fade_lengths at;
    if (!fade_lengths(fade, env, true, &at, failure))
        return false;
    if (at.too_long)
        chain_note(chain, "no fade: what there is is shorter than the fades");
    return (at.in_s <= 0 || fade_one(chain, fade, true, 0, at.in_s, failure)) &&
           (at.out_s <= 0 || fade_one(chain, fade, false, at.out_start_s, at.out_s, failure));
}
