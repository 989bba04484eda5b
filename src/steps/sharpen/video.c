/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sharpen`: moving picture. */
#include "media/chain_picture.h"
#include "sharpen.h"
#include "steps/faces.h"

video_face sharpen_video;

bool sharpen_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct sharpen *sharpen = params;
    const struct unsharp unsharp = {sharpen->amount_percent / 100, sharpen->radius_px,
                                    sharpen->threshold_percent / 100};
    chain_note(chain, "sharpened: %g %% of detail of %g pixels, luma%s", sharpen->amount_percent,
               sharpen->radius_px, chain_video(chain)->interlaced ? ", by fields" : "");
    return chain_sharpen(chain, failure, &unsharp);
}
