/* SPDX-License-Identifier: GPL-3.0-or-later
 * `silence`: sound. */
#include "silence.h"
#include "steps/programme.h"

audio_face silence_audio;

static bool trim(struct chain *chain, const struct silence *silence, struct failure *failure)
{
    const struct sound_silence ends = {
        .start = silence->trim == SILENCE_START || silence->trim == SILENCE_BOTH,
        .end = silence->trim == SILENCE_END || silence->trim == SILENCE_BOTH,
        .threshold_dbfs = silence->threshold_dbfs,
        .keep_s = silence->keep_s,
    };
    return silence->trim == SILENCE_KEPT || chain_trim_silence(chain, failure, &ends);
}

static bool surround(struct chain *chain, const struct silence *silence, struct failure *failure)
{
    if (silence->head_s <= 0 && silence->tail_s <= 0)
        return true;
    chain_note(chain, "silence added: %.3f s at the start, %.3f s at the end", silence->head_s,
               silence->tail_s);
    return chain_surround(chain, failure, silence->head_s, silence->tail_s);
}

bool silence_audio(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    if (programme_has_picture(env))
        return fail(failure, FAIL_CONFIG,
                    "silence: the sound would no longer be in step with the picture: use the step "
                    "for outputs of sound alone, and `trim` for both together");
    return trim(chain, params, failure) && surround(chain, params, failure);
}
