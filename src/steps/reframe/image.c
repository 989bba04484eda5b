/* SPDX-License-Identifier: GPL-3.0-or-later
 * `reframe`: stills. */
#include "../focus_find.h"
#include "shape.h"
#include "steps/faces.h"

image_face reframe_image;

static bool fill(struct still *still, const struct reframe *reframe, const struct reshaped *to,
                 struct failure *failure)
{
    if (reframe->fill == FILL_CROP ||
        (to->width == to->inner_width && to->height == to->inner_height))
        return true;
    return reframe->fill == FILL_COLOR
               ? still_pad(still, failure, to->width, to->height, to->x, to->y, reframe->color)
               : still_backdrop(still, failure, to->width, to->height, to->x, to->y,
                                reframe->blur_percent / 100);
}

bool reframe_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    struct reframe reframe = *(const struct reframe *)params;
    const struct still_shape shape = still_shape(still);
    const struct rational square = {1, 1};
    struct reshaped to = reframe_shape(&reframe, shape.width, shape.height, square, 1, 1, 1);
    if (reframe_is_shape(&to, shape.width, shape.height, square))
        return true;
    g_autofree char *words = reframe_words(&reframe, &to, shape.width, shape.height);
    if (!focus_find(still, &reframe.focus, to.keep_width, to.keep_height, failure))
        return false;
    to = reframe_shape(&reframe, shape.width, shape.height, square, 1, 1, 1);
    still_note(still, "reframed %s", words);
    return still_crop(still, failure, to.keep_x, to.keep_y, to.keep_width, to.keep_height) &&
           still_resize(still, failure, to.inner_width, to.inner_height, "lanczos", false) &&
           fill(still, &reframe, &to, failure);
}
