/* SPDX-License-Identifier: GPL-3.0-or-later
 * `delay`: sound. */
#include "delay.h"
#include "steps/programme.h"

#include <math.h>

audio_face delay_audio;

static const double longest_s = 60;

static bool samples_of(const struct delay *delay, const struct face_env *env, int rate,
                       int64_t *samples, struct failure *failure)
{
    struct programme programme = programme_before(env);
    struct position length = delay->by;
    double seconds;
    *samples = delay->samples;
    if (length.kind == POSITION_NONE)
        return true;
    length.from_end = false;
    programme.duration_s = NAN; /* a length isn't a place: it may be longer than all there is */
    if (!programme_resolve(&programme, &length, 0, "delay.by", &seconds, failure))
        return false;
    *samples = llround(delay->by.from_end ? -seconds * rate : seconds * rate);
    return true;
}

bool delay_audio(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    int64_t samples;
    int rate = chain_sound(chain)->rate;
    if (!samples_of(params, env, rate, &samples, failure))
        return false;
    if (llabs(samples) > longest_s * rate)
        return fail(failure, FAIL_CONFIG, "delay: at most a minute: cut longer ones with `trim`");
    chain_note(chain, "sound moved by %+" G_GINT64_FORMAT " samples (%+.2f ms)", samples,
               1000.0 * (double)samples / rate);
    return samples == 0 || chain_delay(chain, failure, samples);
}
