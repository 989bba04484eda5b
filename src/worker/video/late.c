/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that begins long after its picture: its silence is given as the picture goes on. */
#include "render.h"

#include <math.h>

/* Silence up to a second before the first packet, which says itself where it belongs; in portions
 * that writers can interleave. */
static const double before_s = 1, portion_s = 0.5;

static double silent_to(const struct render *render, const struct shared *shared, double time_s)
{
    const struct source_stream *stream = source_stream(render->source, shared->stream);
    bool awaited = stream->type == AVMEDIA_TYPE_AUDIO && shared->chain && !isnan(stream->start_s);
    return awaited ? fmin(time_s, stream->start_s - before_s) - render->start_s : 0;
}

int next_late(struct render *render, double time_s, double *silent_s)
{
    for (guint i = 0; i < render->shared->len; i++) {
        struct shared *shared = &g_array_index(render->shared, struct shared, i);
        double to_s = silent_to(render, shared, time_s);
        if (to_s < shared->silent_s + portion_s)
            continue;
        shared->silent_s = to_s;
        *silent_s = to_s;
        return shared->stream;
    }
    return -1;
}
