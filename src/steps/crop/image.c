/* SPDX-License-Identifier: GPL-3.0-or-later
 * `crop`: stills. */
#include "box.h"
#include "steps/faces.h"

image_face crop_image;

bool crop_image(struct still *still, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct still_shape shape = still_shape(still);
    struct box box = crop_box(params, shape.width, shape.height, (struct rational){0, 1}, 1, 1);
    if (box.width == shape.width && box.height == shape.height)
        return true;
    still_note(still, "cropped %dx%d to %dx%d at %d,%d", shape.width, shape.height, box.width,
               box.height, box.x, box.y);
    return still_crop(still, failure, box.x, box.y, box.width, box.height);
}
