/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long `fade` takes at both ends. */
#include "lengths.h"

#include "steps/programme.h"

#include <math.h>

static bool resolve(const struct programme *programme, const struct position *length,
                    const char *what, double *seconds, struct failure *failure)
{
    struct programme endless = *programme;
    if (length->kind != POSITION_PERCENT)
        endless.duration_s = NAN; /* a length isn't a place: it may be longer than all there is */
    return programme_resolve(&endless, length, 0, what, seconds, failure);
}

bool fade_lengths(const struct fade *fade, const struct face_env *env, bool seen,
                  struct fade_lengths *out, struct failure *failure)
{
    struct programme programme = programme_before(env);
    const double length_s = seen ? programme_seen_s(&programme) : programme.duration_s;
    *out = (struct fade_lengths){0};
    if (!resolve(&programme, &fade->in, "fade.in", &out->in_s, failure) ||
        !resolve(&programme, &fade->out, "fade.out", &out->out_s, failure))
        return false;
    if (out->out_s > 0 && isnan(length_s))
        return fail(failure, FAIL_CONFIG,
                    "fade.out: how long the source is isn't known, so its end can't fade");
    /* Containers round their durations: by half a frame it may be shorter. */
    double slack_s = programme.fps.num > 0 ? 0.5 / rational_value(programme.fps) : 1e-6;
    out->too_long = out->in_s + out->out_s > length_s + slack_s;
    if (out->too_long)
        out->in_s = out->out_s = 0;
    out->out_start_s = fmax(length_s - out->out_s, 0);
    return true;
}

void fade_note(struct chain *chain, const struct fade_lengths *lengths)
{
    if (lengths->too_long)
        chain_note(chain, "no fade: what there is is shorter than the fades");
    if (lengths->in_s > 0)
        chain_note(chain, "faded in over %.2f s", lengths->in_s);
    if (lengths->out_s > 0)
        chain_note(chain, "faded out over %.2f s", lengths->out_s);
}
