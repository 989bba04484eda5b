/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: moving picture. */
#include "overlay.h"
#include "steps/programme.h"

#include <math.h>

video_face overlay_video;

bool overlay_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct overlay *overlay = params;
    const struct video_shape *shape = chain_video(chain);
    struct programme programme = programme_before(env);
    struct laid laid = {.margin = extent_pixels(overlay->margin, shape->height, 0)};
    place_shares((enum place)overlay->place, &laid.across, &laid.down);
    if (!programme_resolve(&programme, &overlay->from, NAN, "overlay.from", &laid.from_s,
                           failure) ||
        !programme_resolve(&programme, &overlay->to, NAN, "overlay.to", &laid.to_s, failure))
        return false;
    g_autofree char *name = g_path_get_basename(overlay->image);
    chain_note(chain, "laid %s over the picture", name);
    return chain_overlay_image(chain, failure, env->file(env, "image"),
                               extent_pixels(overlay->width, shape->width, 0),
                               overlay->opacity / 100, &laid);
}
