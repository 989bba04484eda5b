/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: stills. */
#include "denoise.h"
#include "steps/faces.h"

image_face denoise_image;

bool denoise_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct denoise *denoise = params;
    if (denoise->of == DENOISE_SOUND) {
        still_note(still, "denoise is of sound here (`of: picture` is of stills): passed over");
        return true;
    }
    still_note(still, "denoised (hqdn3d, %g %%)", denoise->strength_percent);
    return still_denoise(still, failure, denoise->strength_percent / 100);
}
