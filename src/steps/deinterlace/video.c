/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deinterlace`: moving picture. */
#include "deinterlace.h"
#include "steps/faces.h"

video_face deinterlace_video;

bool deinterlace_video(struct chain *chain, const void *params, const struct face_env *env,
                       struct failure *failure)
{
    static const char *const modes[] = {"send_frame", "send_field"};
    static const char *const parities[] = {"auto", "tff", "bff"};
    const struct deinterlace *deinterlace = params;
    bool automatic = deinterlace->order == 0;
    if (automatic && !chain_video(chain)->interlaced)
        return true;
    chain_note(chain, "deinterlaced (bwdif, one frame a %s)",
               deinterlace->rate ? "field" : "frame");
    return chain_plain(chain, failure) &&
           chain_filter(chain, failure, "bwdif", "mode", modes[deinterlace->rate], "parity",
                        parities[deinterlace->order], "deint", automatic ? "interlaced" : "all",
                        NULL);
}
