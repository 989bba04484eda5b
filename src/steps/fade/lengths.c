/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long `fade` takes at both ends. */
#include "lengths.h"

#include "../programme.h"

#include <math.h>

bool fade_lengths(const struct fade *fade, const struct face_env *env, struct fade_lengths *out,
                  struct failure *failure)
{
    struct programme programme = programme_before(env);
    if (!programme_resolve(&programme, &fade->in, 0, "fade.in", &out->in_s, failure) ||
        !programme_resolve(&programme, &fade->out, 0, "fade.out", &out->out_s, failure))
        return false;
    if (out->out_s > 0 && isnan(programme.duration_s))
        return fail(failure, FAIL_CONFIG,
                    "fade.out: how long the source is isn't known, so its end can't fade");
    out->out_start_s = programme.duration_s - out->out_s;
    return true;
}
