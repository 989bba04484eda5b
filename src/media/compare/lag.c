/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much later one sound is than another. */
#include "private.h"

#include <math.h>

static const double clearly = 0.01, left = 0.01;

void lag_offer(struct lag *lag, int samples, double fit)
{
    const bool climbs = !lag->found || ABS(samples - lag->samples) == 1;
    const double margin = climbs ? 1e-6 : fmin(clearly, (1 - left) * (1 - lag->fit));
    if (fit <= lag->fit + margin)
        return;
    *lag = (struct lag){.found = true, .samples = samples, .fit = fit};
}
