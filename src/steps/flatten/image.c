/* SPDX-License-Identifier: GPL-3.0-or-later
 * `flatten`: stills. */
#include "flatten.h"
#include "steps/faces.h"

image_face flatten_image;

bool flatten_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct rgba color = ((const struct flatten *)params)->color;
    if (!still_shape(still).alpha)
        return true;
    still_note(still, "laid on #%02x%02x%02x", color.r, color.g, color.b);
    return still_flatten(still, failure, color);
}
