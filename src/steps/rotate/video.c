/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rotate`: moving picture. */
#include "rotate.h"
#include "steps/faces.h"

video_face rotate_video;

static bool turn(struct chain *chain, int quarter_turns, struct failure *failure)
{
    switch (quarter_turns) {
    case 1:
        return chain_filter(chain, failure, "transpose", "dir", "clock", NULL);
    case 2:
        return chain_filter(chain, failure, "hflip", NULL) &&
               chain_filter(chain, failure, "vflip", NULL);
    case 3:
        return chain_filter(chain, failure, "transpose", "dir", "cclock", NULL);
    default:
        return true;
    }
}

bool rotate_video(struct chain *chain, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct rotate *rotate = params;
    static const char *const mirrors[] = {"", ", mirrored left to right",
                                          ", mirrored top to bottom"};
    if (chain_video(chain)->interlaced && (rotate->angle || rotate->mirror == 2))
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and rotate would tear its fields: put deinterlace "
                    "before rotate");
    if (rotate->angle || rotate->mirror)
        chain_note(chain, "turned by %d degrees%s", rotate->angle * 90, mirrors[rotate->mirror]);
    if (!rotate->angle && !rotate->mirror)
        return true;
    if (!chain_plain(chain, failure) || !turn(chain, rotate->angle, failure))
        return false;
    return !rotate->mirror ||
           chain_filter(chain, failure, rotate->mirror == 1 ? "hflip" : "vflip", NULL);
}
