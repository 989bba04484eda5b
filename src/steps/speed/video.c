/* SPDX-License-Identifier: GPL-3.0-or-later
 * `speed`: moving picture. */
#include "speed.h"
#include "steps/faces.h"

video_face speed_video;

bool speed_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct speed *speed = params;
    struct rational fps = chain_video(chain)->fps;
    char expression[64], number[32];
    g_ascii_formatd(number, sizeof number, "%.9g", speed->factor);
    g_snprintf(expression, sizeof expression, "PTS/%s", number);
    chain_note(chain, "played %s times as fast", number);
    if (!chain_filter(chain, failure, "setpts", "expr", expression, NULL))
        return false;
    if (!fps.num)
        return true;
    g_autofree char *rate = rational_text(fps);
    return chain_filter(chain, failure, "fps", "fps", rate, "round", "near", NULL);
}
