/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound whose times run apart from its samples. */
#include "sound_clock.h"

#include <math.h>
#include <stdlib.h>

/* Containers round times to milliseconds, so one step is off by one at most; no clock is wrong by
 * more than a share. */
static const double rounding_s = 0.0015, most_share = 0.05;
static const double smooth_s = 0.25, tolerance_s = 0.01;

static double lesser(double a, double b)
{
    if (a * b <= 0)
        return 0;
    return fabs(a) < fabs(b) ? a : b;
}

void sound_clock_see(struct sound_clock *clock, int64_t off, int samples)
{
    const int64_t step = off - clock->before;
    if (clock->begun && (double)llabs(step) <= rounding_s * clock->rate + most_share * samples)
        clock->steady += (double)step;
    clock->begun = true;
    clock->before = off;
    const double weight = 1 - exp(-samples / (smooth_s * clock->rate));
    clock->now = lesser(clock->steady, (double)off);
    clock->apart += weight * (clock->now - clock->apart);
    clock->runs_apart |= fabs(clock->apart) > tolerance_s * clock->rate;
}
