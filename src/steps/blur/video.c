/* SPDX-License-Identifier: GPL-3.0-or-later
 * `blur`: moving picture. */
#include "blur.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

video_face blur_video;

bool blur_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    const double sigma_px = blur_sigma(params, shape->width);
    chain_note(chain, "blurred: Gaussian of %.4g pixels%s", sigma_px,
               shape->interlaced ? ", by fields" : "");
    return chain_blur(chain, failure, sigma_px);
}
