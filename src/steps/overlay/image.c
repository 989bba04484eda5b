/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: stills. */
#include "overlay.h"
#include "steps/faces.h"

#include <math.h>

image_face overlay_image;

bool overlay_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct overlay *overlay = params;
    if (overlay->video) {
        still_note(still, "a video can't be laid on a still: passed over");
        return true;
    }
    struct still_shape shape = still_shape(still);
    int fd = env->file(env, "image");
    int own_width = 0, own_height = 0;
    if (fd < 0)
        return fail(failure, FAIL_INTERNAL, "overlay.image: the file isn't part of the task");
    if (!still_size(fd, &own_width, &own_height, failure))
        return false;
    int width = MAX(1, extent_pixels(overlay->width, shape.width, own_width));
    int height = MAX(1, (int)lround((double)own_height * width / own_width));
    int x, y;
    place_box((enum place)overlay->place, shape.width, shape.height, width, height,
              extent_pixels(overlay->margin, shape.height, 0), &x, &y);
    g_autofree char *name = g_path_get_basename(overlay->image);
    still_note(still, "laid %s over the picture (%dx%d at %d,%d)", name, width, height, x, y);
    return still_overlay(still, failure, fd, width, overlay->opacity / 100, x, y);
}
