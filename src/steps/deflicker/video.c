/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deflicker`: moving picture, its measuring half and the other. */
#include "deflicker.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

video_face deflicker_video;
look_face deflicker_look;

bool deflicker_look(struct chain *chain, const void *params, const struct face_env *env,
                    char **seen, struct failure *failure)
{
    return chain_find_light(chain, failure, seen);
}

bool deflicker_video(struct chain *chain, const void *params, const struct face_env *env,
                     struct failure *failure)
{
    const struct deflicker *deflicker = params;
    const char *light = env->measured ? node_get_text(env->measured, FACTS_SEEN) : NULL;
    struct evened done;
    if (!light)
        return fail(failure, FAIL_INTERNAL, "deflicker wasn't told what its measuring half saw");
    if (!chain_even_light(chain, failure, light, deflicker->smooth_s,
                          deflicker->limit_percent / 100, &done))
        return false;
    if (done.changed)
        chain_note(chain, "deflickered: levels of %d of %d frames changed by up to %.1f %%",
                   done.changed, done.frames, done.most * 100);
    else
        chain_note(chain, "deflicker: the light is even in all %d frames: not touched",
                   done.frames);
    return true;
}
