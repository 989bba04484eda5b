/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: sound. */
#include "lengths.h"

audio_face fade_audio;

static bool fade_one(struct chain *chain, const char *type, double start_s, double length_s,
                     struct failure *failure)
{
    char start[32], length[32];
    g_ascii_formatd(start, sizeof start, "%.6f", MAX(start_s, 0));
    g_ascii_formatd(length, sizeof length, "%.6f", length_s);
    return chain_filter(chain, failure, "afade", "type", type, "start_time", start, "duration",
                        length, "curve", "qsin", NULL);
}

bool fade_audio(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    struct fade_lengths at;
    if (!fade_lengths(params, env, &at, failure))
        return false;
    if (at.too_long && env->source && env->source->kind == KIND_AUDIO)
        chain_note(chain, "no fade: what there is is shorter than the fades");
    return (at.in_s <= 0 || fade_one(chain, "in", 0, at.in_s, failure)) &&
           (at.out_s <= 0 || fade_one(chain, "out", at.out_start_s, at.out_s, failure));
}
