/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Gaussian of unsharp masking. */
#include "unsharp.h"

#include <glib.h>
#include <math.h>

int unsharp_taps(double radius, float taps[UNSHARP_TAPS_MAX])
{
    const int reach = CLAMP((int)ceil(3 * radius), 1, UNSHARP_TAPS_MAX / 2), count = 2 * reach + 1;
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += exp(-0.5 * pow((i - reach) / radius, 2));
    for (int i = 0; i < count; i++)
        taps[i] = (float)(exp(-0.5 * pow((i - reach) / radius, 2)) / sum);
    return count;
}
