/* SPDX-License-Identifier: GPL-3.0-or-later
 * `speed`: moving picture. */
#include "speed.h"
#include "steps/faces.h"

video_face speed_video;

bool speed_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct speed *speed = params;
    chain_note(chain, NOTE_SPEED, speed->factor);
    return chain_speed(chain, failure, speed->factor);
}
