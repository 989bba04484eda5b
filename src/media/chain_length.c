/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound of a certain length, by libavfilter. */
#include "media/chain_run.h"

#include "chain_private.h"

bool chain_fit_sound(struct chain *chain, struct failure *failure, int64_t samples)
{
    g_autofree char *count = g_strdup_printf("%" PRId64, samples);
    return graph_addf(chain, failure, "apad", "whole_len", count, NULL) &&
           graph_addf(chain, failure, "atrim", "end_sample", count, NULL);
}
