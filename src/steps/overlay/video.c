/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: moving picture. */
#include "../programme.h"
#include "overlay.h"

#include <math.h>

video_face overlay_video;

bool overlay_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct overlay *overlay = params;
    const struct video_shape *shape = chain_video(chain);
    struct programme programme = programme_before(env);
    double from_s, to_s;
    if (!programme_resolve(&programme, &overlay->from, NAN, "overlay.from", &from_s, failure) ||
        !programme_resolve(&programme, &overlay->to, NAN, "overlay.to", &to_s, failure))
        return false;
    char x[64], y[64];
    place_expressions((enum place)overlay->place, extent_pixels(overlay->margin, shape->height, 0),
                      "W", "w", "H", "h", x, y);
    g_autofree char *name = g_path_get_basename(overlay->image);
    chain_note(chain, "laid %s over the picture", name);
    return chain_plain(chain, failure) &&
           chain_overlay_image(chain, failure, env->file(env, "image"),
                               extent_pixels(overlay->width, shape->width, 0),
                               overlay->opacity / 100, x, y, from_s, to_s);
}
