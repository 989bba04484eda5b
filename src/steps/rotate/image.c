/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rotate`: stills. */
#include "rotate.h"
#include "steps/faces.h"

image_face rotate_image;

enum { MIRROR_NONE, MIRROR_HORIZONTAL, MIRROR_VERTICAL };

bool rotate_image(struct still *still, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    static const char *const mirrors[] = {"", ", mirrored left to right",
                                          ", mirrored top to bottom"};
    const struct rotate *rotate = params;
    if (!rotate->angle && !rotate->mirror)
        return true;
    still_note(still, "turned by %d degrees%s", rotate->angle * 90, mirrors[rotate->mirror]);
    return still_rotate(still, failure, rotate->angle * 90, rotate->mirror == MIRROR_HORIZONTAL,
                        rotate->mirror == MIRROR_VERTICAL);
}
