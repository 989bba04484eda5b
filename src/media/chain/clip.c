/* SPDX-License-Identifier: GPL-3.0-or-later
 * Float sound is clipped and counted as whole numbers are. */
#include "../sound/sndfile_private.h"
#include "private.h"

#include <math.h>

/* Into `state`, how many. */
static bool clip(void *state, struct sound_rows *rows, struct failure *failure)
{
    int64_t *clipped = state;
    for (int c = 0; c < rows->channels; c++)
        for (int i = 0; i < rows->frames; i++) {
            float *sample = &rows->channel[c][i];
            *clipped += fabsf(*sample) > 1;
            *sample = isnan(*sample) ? 0 : CLAMP(*sample, -1, 1);
        }
    return true;
}

static void note(const void *state, struct chain *chain)
{
    const int64_t *clipped = state;
    if (*clipped)
        chain_note(chain, QUANTISE_CLIPPED, *clipped);
}

bool chain_clip(struct chain *chain, struct failure *failure)
{
    const bool stepped = chain->stepped;
    int64_t *clipped = g_new0(int64_t, 1);
    if (!chain_sound_kernel(chain, failure, "clip", clip, clipped, g_free))
        return false;
    chain->stepped = stepped;
    chain_at_end(chain, note, clipped);
    return true;
}
