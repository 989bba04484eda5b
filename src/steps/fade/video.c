/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: moving picture. */
#include "lengths.h"

video_face fade_video;

bool fade_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct fade *fade = params;
    struct fade_lengths at;
    if (!fade_lengths(fade, env, true, &at, failure))
        return false;
    fade_note(chain, &at);
    return (at.in_s <= 0 || chain_fade(chain, failure, true, 0, at.in_s, fade->color)) &&
           (at.out_s <= 0 ||
            chain_fade(chain, failure, false, at.out_start_s, at.out_s, fade->color));
}
