/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pad`: stills. */
#include "canvas.h"
#include "steps/faces.h"

image_face pad_image;

bool pad_image(struct still *still, const void *params, const struct face_env *env,
               struct failure *failure)
{
    const struct pad *pad = params;
    struct still_shape shape = still_shape(still);
    struct canvas canvas =
        pad_canvas(pad, shape.width, shape.height, (struct rational){0, 1}, 1, 1);
    if (canvas.width == shape.width && canvas.height == shape.height)
        return true;
    still_note(still, "padded %dx%d to %dx%d", shape.width, shape.height, canvas.width,
               canvas.height);
    return still_pad(still, failure, canvas.width, canvas.height, canvas.x, canvas.y, pad->color);
}
