/* SPDX-License-Identifier: GPL-3.0-or-later
 * `speed`: sound. */
#include "speed.h"
#include "steps/faces.h"
#include "steps/programme.h"

audio_face speed_audio;

bool speed_audio(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct speed *speed = params;
    if (!programme_has_picture(env)) /* which tells of it */
        chain_note(chain, NOTE_SPEED, speed->factor);
    return chain_speed_sound(chain, failure, speed->factor, speed->pitch != 0);
}
