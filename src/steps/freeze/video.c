/* SPDX-License-Identifier: GPL-3.0-or-later
 * `freeze`: moving picture. */
#include "freeze.h"
#include "media/chain_picture.h"
#include "steps/programme.h"

video_face freeze_video;

bool freeze_video(struct chain *chain, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct freeze *freeze = params;
    const bool insert = freeze->sound == FREEZE_SILENCE;
    const struct programme programme = programme_before(env);
    const struct rational fps = chain_video(chain)->fps;
    double at_s, length_s;
    if (!programme_freeze(&programme, freeze, &at_s, &length_s, failure))
        return false;
    g_autofree char *label = programme_label(&programme, fps.num ? fps : programme.fps, at_s);
    chain_note(chain, "frame at %s held for %.3f s: %s", label, length_s,
               insert ? "what follows comes so much later, also by its timecode"
                      : "the sound goes on");
    return chain_freeze(chain, failure, at_s, length_s, insert);
}
