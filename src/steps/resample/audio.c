/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resample`: sound. */
#include "resample.h"
#include "steps/faces.h"

audio_face resample_audio;

bool resample_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct resample *resample = params;
    int from = chain_sound(chain)->rate;
    if (resample->rate_hz == from)
        return true;
    char rate[16];
    g_snprintf(rate, sizeof rate, "%d", resample->rate_hz);
    chain_note(chain, "resampled from %d to %d Hz", from, resample->rate_hz);
    return chain_filter(chain, failure, "aresample", "osr", rate, "resampler", "soxr", "precision",
                        "28", "osf", "fltp", NULL) &&
           chain_filter(chain, failure, "aformat", "sample_rates", rate, NULL);
}
