/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps`: moving picture. */
#include "fps.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

video_face fps_video;

static bool blend(struct chain *chain, struct rational fps, const char *rate,
                  struct failure *failure)
{
    if (chain_video(chain)->interlaced)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and fps would mix its fields: put deinterlace before "
                    "fps");
    chain_note(chain, "frame rate made constant: %s, frames blended", rate);
    return chain_blend_rate(chain, failure, fps);
}

bool fps_video(struct chain *chain, const void *params, const struct face_env *env,
               struct failure *failure)
{
    const struct fps *fps = params;
    const bool same = rational_equal(chain_video(chain)->fps, fps->rate);
    g_autofree char *rate = rational_text(fps->rate);
    if (!same && fps->mode == FPS_BLEND)
        return blend(chain, fps->rate, rate, failure);
    if (!same)
        chain_note(chain, "frame rate made constant: %s", rate);
    return chain_filter(chain, failure, "fps", "fps", rate, "round", "near", NULL);
}
