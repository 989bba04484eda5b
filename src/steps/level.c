/* SPDX-License-Identifier: GPL-3.0-or-later
 * One exact gain. */
#include "level.h"

#include <glib.h>
#include <math.h>

static bool multiply(void *state, struct sound_rows *rows, struct failure *failure)
{
    const double factor = *(const double *)state;
    for (int c = 0; c < rows->channels; c++)
        for (int i = 0; i < rows->frames; i++)
            rows->channel[c][i] = (float)(rows->channel[c][i] * factor);
    return true;
}

bool level_change(struct chain *chain, double gain_db, struct failure *failure)
{
    double factor = pow(10, gain_db / 20);
    return gain_db == 0 || chain_sound_kernel(chain, failure, "gain", multiply,
                                              g_memdup2(&factor, sizeof factor), g_free);
}
