/* SPDX-License-Identifier: GPL-3.0-or-later
 * `speed`: sound. */
#include "speed.h"
#include "steps/faces.h"

audio_face speed_audio;

static bool tempo(struct chain *chain, double factor, struct failure *failure)
{
    for (; factor < 0.5; factor /= 0.5) /* atempo takes 0.5 and more at a time */
        if (!chain_filter(chain, failure, "atempo", "tempo", "0.5", NULL))
            return false;
    char text[32];
    g_ascii_formatd(text, sizeof text, "%.9g", factor);
    return chain_filter(chain, failure, "atempo", "tempo", text, NULL);
}

bool speed_audio(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct speed *speed = params;
    if (!speed->pitch)
        return tempo(chain, speed->factor, failure);
    int rate = chain_sound(chain)->rate;
    char faster[16], same[16];
    g_snprintf(faster, sizeof faster, "%d", (int)(rate * speed->factor + 0.5));
    g_snprintf(same, sizeof same, "%d", rate);
    return chain_filter(chain, failure, "asetrate", "sample_rate", faster, NULL) &&
           chain_filter(chain, failure, "aresample", "sample_rate", same, "resampler", "soxr",
                        "precision", "28", NULL);
}
