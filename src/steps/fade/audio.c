/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade`: sound. */
#include "lengths.h"

#include "steps/programme.h"

#include <math.h>

audio_face fade_audio;

/* As afade names the table's curves. */
static const char *const curves[] = {"qsin", "hsin", "tri"};

static bool fade_one(struct chain *chain, const char *type, double start_s, double length_s,
                     int curve, struct failure *failure)
{
    char start[32], length[32];
    int rate = chain_sound(chain)->rate;
    if (llround(length_s * rate) < 1) /* there is nothing between two samples */
        return true;
    g_snprintf(start, sizeof start, "%" G_GINT64_FORMAT, (gint64)llround(start_s * rate));
    g_snprintf(length, sizeof length, "%" G_GINT64_FORMAT, (gint64)llround(length_s * rate));
    return chain_filter(chain, failure, "afade", "type", type, "start_sample", start, "nb_samples",
                        length, "curve", curves[curve], NULL);
}

bool fade_audio(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    int curve = ((const struct fade *)params)->curve;
    struct fade_lengths at;
    if (!fade_lengths(params, env, programme_has_picture(env), &at, failure))
        return false;
    if (!programme_has_picture(env)) /* which tells of it */
        fade_note(chain, &at);
    return (at.in_s <= 0 || fade_one(chain, "in", 0, at.in_s, curve, failure)) &&
           (at.out_s <= 0 || fade_one(chain, "out", at.out_start_s, at.out_s, curve, failure));
}
