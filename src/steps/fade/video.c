/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: moving picture. */
#include "../programme.h"
#include "fade.h"

#include <math.h>

video_face fade_video;

static bool fade_one(struct chain *chain, const struct fade *fade, const char *type, double start_s,
                     double length_s, struct failure *failure)
{
    char start[32], length[32];
    g_ascii_formatd(start, sizeof start, "%.6f", MAX(start_s, 0));
    g_ascii_formatd(length, sizeof length, "%.6f", length_s);
    char color[16];
    g_snprintf(color, sizeof color, "0x%02x%02x%02x", fade->color.r, fade->color.g, fade->color.b);
    chain_note(chain, "faded %s over %.2f s", type, length_s);
    return chain_filter(chain, failure, "fade", "type", type, "start_time", start, "duration",
                        length, "color", color, NULL);
}

bool fade_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct fade *fade = params;
    struct programme programme = programme_before(env);
    double in_s, out_s;
    if (!programme_resolve(&programme, &fade->in, 0, "fade.in", &in_s, failure) ||
        !programme_resolve(&programme, &fade->out, 0, "fade.out", &out_s, failure))
        return false;
    if (out_s > 0 && isnan(programme.duration_s))
        return fail(failure, FAIL_CONFIG,
                    "fade.out: how long the source is isn't known, so its end can't fade");
    if (!chain_plain(chain, failure))
        return false;
    return (in_s <= 0 || fade_one(chain, fade, "in", 0, in_s, failure)) &&
           (out_s <= 0 ||
            fade_one(chain, fade, "out", programme.duration_s - out_s, out_s, failure));
}
