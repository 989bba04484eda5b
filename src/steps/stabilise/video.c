/* SPDX-License-Identifier: GPL-3.0-or-later
 * `stabilise`: moving picture, its measuring half and the other. */
#include "media/chain_picture.h"
#include "stabilise.h"
#include "steps/faces.h"

video_face stabilise_video;
look_face stabilise_look;

static bool is_progressive(const struct chain *chain, struct failure *failure)
{
    return !chain_video(chain)->interlaced ||
           fail(failure, FAIL_CONFIG,
                "the source is interlaced and stabilise would mix its fields: put deinterlace "
                "before stabilise");
}

bool stabilise_look(struct chain *chain, const void *params, const struct face_env *env,
                    char **seen, struct failure *failure)
{
    return is_progressive(chain, failure) && chain_follow_camera(chain, failure, seen);
}

bool stabilise_video(struct chain *chain, const void *params, const struct face_env *env,
                     struct failure *failure)
{
    const struct stabilise *stabilise = params;
    const char *path = env->measured ? node_get_text(env->measured, FACTS_SEEN) : NULL;
    const struct steady steady = {stabilise->smooth_s, (enum steady_border)stabilise->border,
                                  1 + stabilise->zoom_percent / 100};
    struct steadied done;
    if (!is_progressive(chain, failure))
        return false;
    if (!path)
        return fail(failure, FAIL_INTERNAL, "stabilise wasn't told what its measuring half saw");
    if (!chain_stabilise(chain, failure, path, &steady, &done))
        return false;
    if (done.largest_px == 0 && done.shakes)
        chain_note(chain,
                   "stabilise: not touched: zoom of %g %% leaves no room to move the frames in",
                   stabilise->zoom_percent);
    else if (done.largest_px == 0)
        chain_note(chain, "stabilise: the camera is steady in all %d frames: not touched",
                   done.frames);
    else if (stabilise->border == STEADY_CROP)
        chain_note(chain,
                   "stabilised: frames moved by up to %.1f pixels, picture enlarged by %.1f %%",
                   done.largest_px, (done.zoom - 1) * 100);
    else
        chain_note(chain, "stabilised: frames moved by up to %.1f pixels", done.largest_px);
    return true;
}
