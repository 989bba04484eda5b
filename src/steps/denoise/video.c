/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: moving picture. */
#include "denoise.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

video_face denoise_video;

bool denoise_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct denoise *denoise = params;
    if (denoise->of == DENOISE_SOUND)
        return true;
    if (chain_video(chain)->interlaced)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and denoise would mix its fields: put deinterlace "
                    "before denoise");
    chain_note(chain, "picture denoised (hqdn3d, %g %%)", denoise->strength_percent);
    return chain_denoise_picture(chain, failure, denoise->strength_percent / 100);
}
