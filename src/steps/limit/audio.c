/* SPDX-License-Identifier: GPL-3.0-or-later
 * `limit`: sound. */
#include "../level.h"
#include "limit.h"
#include "media/limiter.h"
#include "steps/faces.h"

audio_face limit_audio;

bool limit_audio(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct limit *limit = params;
    if (limit->gain_db != 0)
        chain_note(chain, "gain %+.2f dB before the limiter", limit->gain_db);
    return level_change(chain, limit->gain_db, failure) &&
           chain_limit(chain, limit->ceiling_dbtp, limit->release_s * 1000, failure);
}
