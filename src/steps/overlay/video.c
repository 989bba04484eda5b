/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: moving picture. */
#include "media/chain_picture.h"
#include "overlay.h"
#include "steps/programme.h"

#include <math.h>

video_face overlay_video;

static bool lay_video(struct chain *chain, const struct overlay *overlay,
                      const struct face_env *env, const struct laid *laid, struct failure *failure)
{
    static const char *const ends[] = {"its last frame stays", "it begins again", "then gone"};
    const struct video_over over = {
        .width = extent_pixels(overlay->width, chain_video(chain)->width, 0),
        .opacity = overlay->opacity / 100,
        .at_end = (enum over_end)overlay->at_end,
    };
    g_autofree char *name = g_path_get_basename(overlay->video);
    chain_note(chain, "laid the video %s over the picture; at its end: %s", name,
               ends[overlay->at_end]);
    return chain_overlay_video(chain, failure, env->file(env, "video"), &over, laid);
}

static bool lay_image(struct chain *chain, const struct overlay *overlay,
                      const struct face_env *env, const struct laid *laid, struct failure *failure)
{
    g_autofree char *name = g_path_get_basename(overlay->image);
    chain_note(chain, "laid %s over the picture", name);
    return chain_overlay_image(chain, failure, env->file(env, "image"),
                               extent_pixels(overlay->width, chain_video(chain)->width, 0),
                               overlay->opacity / 100, laid);
}

bool overlay_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct overlay *overlay = params;
    const struct video_shape *shape = chain_video(chain);
    struct programme programme = programme_before(env);
    struct laid laid = {.margin = extent_pixels(overlay->margin, shape->height, 0)};
    place_shares((enum place)overlay->place, &laid.across, &laid.down);
    if (!programme_span(&programme, &overlay->from, &overlay->to, "overlay", &laid.from_s,
                        &laid.to_s, failure))
        return false;
    return overlay->video ? lay_video(chain, overlay, env, &laid, failure)
                          : lay_image(chain, overlay, env, &laid, failure);
}
