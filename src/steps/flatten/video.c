/* SPDX-License-Identifier: GPL-3.0-or-later
 * `flatten`: moving picture. */
#include "flatten.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

video_face flatten_video;

bool flatten_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct rgba color = ((const struct flatten *)params)->color;
    if (!chain_video(chain)->alpha)
        return true;
    chain_note(chain, "laid on #%02x%02x%02x", color.r, color.g, color.b);
    return chain_flatten(chain, failure, color);
}
