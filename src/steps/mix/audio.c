/* SPDX-License-Identifier: GPL-3.0-or-later
 * `mix`: sound. */
#include "mix.h"
#include "steps/programme.h"

audio_face mix_audio;

bool mix_audio(struct chain *chain, const void *params, const struct face_env *env,
               struct failure *failure)
{
    const struct mix *mix = params;
    struct programme programme = programme_before(env);
    struct sound_over over = {.gain_db = mix->gain_db,
                              .fade_s = mix->fade_s,
                              .end_s = programme.duration_s,
                              .loop = mix->loop};
    if (!programme_resolve(&programme, &mix->at, 0, "mix.at", &over.at_s, failure))
        return false;
    g_autofree char *name = g_path_get_basename(mix->file);
    chain_note(chain, "mixed %s in from %.3f s at %+.2f dB%s", name, over.at_s, over.gain_db,
               over.loop ? ", looped" : "");
    struct failure why = {FAIL_NONE, NULL};
    if (chain_overlay_sound(chain, &why, env->file(env, "file"), &over))
        return true;
    fail(failure, why.class, "mix: %s: %s", name, why.message);
    failure_clear(&why);
    return false;
}
