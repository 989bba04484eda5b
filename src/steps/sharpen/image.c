/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sharpen`: stills. */
#include "media/chain_picture.h"
#include "sharpen.h"
#include "steps/faces.h"

image_face sharpen_image;

bool sharpen_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct sharpen *sharpen = params;
    const struct unsharp unsharp = {sharpen->amount_percent / 100, sharpen->radius_px,
                                    sharpen->threshold_percent / 100};
    still_note(still, "sharpened: %g %% of detail of %g pixels, luma", sharpen->amount_percent,
               sharpen->radius_px);
    return still_sharpen(still, failure, &unsharp);
}
