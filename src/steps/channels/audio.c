/* SPDX-License-Identifier: GPL-3.0-or-later
 * `channels`: sound. */
#include "channels.h"
#include "media/matrix.h"
#include "steps/faces.h"

#include <string.h>

audio_face channels_audio;

static bool same(const char *from, const char *to)
{
    return strcmp(from, to) == 0 || (strcmp(to, "5.1") == 0 && strcmp(from, "5.1(side)") == 0);
}

static const char *how(const char *from, const char *to)
{
    if (strcmp(from, "mono") == 0)
        return strcmp(to, "stereo") == 0 ? "both at 0 dB" : "in the centre";
    if (strcmp(to, "5.1") == 0)
        return "what isn't there is silent";
    return strcmp(from, "stereo") == 0 ? "half of each"
                                       : "Lo/Ro: centre and surrounds -3.01 dB, LFE left out";
}

bool channels_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct channels *channels = params;
    const char *from = chain_sound(chain)->layout;
    const char *to = channels_step.params.rows[0].choices[channels->layout];
    if (same(from, to))
        return true;
    g_autofree char *stranger = NULL;
    g_autofree char *pan = matrix_pan(from, to, &stranger);
    if (!pan)
        return fail(failure, FAIL_CONFIG,
                    "channels: there is no rule for mixing %s (of %s) to %s: take the channels "
                    "apart before, or leave the layout as it is",
                    stranger, from, to);
    chain_note(chain, "channels mixed from %s to %s (%s)", from, to, how(from, to));
    return chain_filter(chain, failure, "pan", "args", pan, NULL);
}
