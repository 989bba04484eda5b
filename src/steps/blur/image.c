/* SPDX-License-Identifier: GPL-3.0-or-later
 * `blur`: stills. */
#include "blur.h"
#include "steps/faces.h"

image_face blur_image;

bool blur_image(struct still *still, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const double sigma_px = blur_sigma(params, still_shape(still).width);
    still_note(still, "blurred: Gaussian of %.4g pixels", sigma_px);
    return still_blur(still, failure, sigma_px);
}
