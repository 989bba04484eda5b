/* SPDX-License-Identifier: GPL-3.0-or-later
 * `crop`: stills. */
#include "../focus_find.h"
#include "box.h"
#include "steps/faces.h"

image_face crop_image;

bool crop_image(struct still *still, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct still_shape shape = still_shape(still);
    const struct rational square = {1, 1};
    struct crop crop = *(const struct crop *)params;
    if (crop.vbi)
        return true;
    struct box box = crop_box(&crop, shape.width, shape.height, square, 1, 1);
    g_autofree char *words = focus_words(&crop.focus);
    if (!focus_find(still, &crop.focus, box.width, box.height, failure))
        return false;
    box = crop_box(&crop, shape.width, shape.height, square, 1, 1);
    if (box.width == shape.width && box.height == shape.height)
        return true;
    still_note(still, "cropped %dx%d to %dx%d at %d,%d%s", shape.width, shape.height, box.width,
               box.height, box.x, box.y, words);
    return still_crop(still, failure, box.x, box.y, box.width, box.height);
}
