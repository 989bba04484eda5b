/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame rates that film and television record in. */
#include "base/frame_rate.h"

#include <math.h>

enum { RATE_MOST = 240 };

bool frame_rate_is_usual(double rate)
{
    double step = rate < 20 ? 0.5 : 1;
    const double readings[] = {rate, rate * 1.001};
    for (unsigned i = 0; i < sizeof readings / sizeof *readings; i++)
        if (fabs(readings[i] - rint(readings[i] / step) * step) < 2e-4 * rate)
            return true;
    return false;
}

struct rational frame_rate_nominal(double average)
{
    static const struct rational usual[] = {{24000, 1001}, {24, 1},  {25, 1}, {30000, 1001},
                                            {30, 1},       {48, 1},  {50, 1}, {60000, 1001},
                                            {60, 1},       {100, 1}, {120, 1}};
    if (!(average > 0) || average > RATE_MOST)
        return (struct rational){0, 1};
    unsigned best = 0;
    for (unsigned i = 1; i < sizeof usual / sizeof *usual; i++)
        if (fabs(rational_value(usual[i]) - average) < fabs(rational_value(usual[best]) - average))
            best = i;
    double ratio = average / rational_value(usual[best]);
    return ratio > 0.9 && ratio < 1.1 ? usual[best] : rational_make(llround(average * 1000), 1000);
}
