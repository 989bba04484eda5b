/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps`: moving picture. */
#include "fps.h"
#include "steps/faces.h"

video_face fps_video;

bool fps_video(struct chain *chain, const void *params, const struct face_env *env,
               struct failure *failure)
{
    const struct fps *fps = params;
    if (rational_equal(chain_video(chain)->fps, fps->rate))
        return true;
    g_autofree char *rate = rational_text(fps->rate);
    chain_note(chain, "frame rate made constant: %s", rate);
    return chain_filter(chain, failure, "fps", "fps", rate, "round", "near", NULL);
}
