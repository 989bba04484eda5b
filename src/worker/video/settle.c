/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where reading begins once the outputs are known. */
#include "join.h"

#include "worker/branch.h"

#include <math.h>

/* A cue that is seen where the first branch begins came so long before that at most, its captions
 * loaded; pictures are only decoded from the key picture before. */
static const double CUE_MOST_S = 60;

/* What the branches want of a stream, now that they are open. A film that is joined is as long as
 * its pictures, also where no branch wants these. */
static unsigned use_of(const struct render *render, int stream)
{
    unsigned use = render->joining && stream == render->picture ? SOURCE_DECODE : SOURCE_SKIP;
    for (guint i = 0; i < render->branches->len; i++) {
        const struct branch *branch = render->branches->pdata[i];
        const struct lane *lane = branch_lane(branch, stream);
        if (lane && !branch->failed)
            use |= lane->chain ? SOURCE_DECODE : SOURCE_PACKETS;
    }
    return use;
}

static bool use_all(const struct render *render, struct failure *failure)
{
    for (int i = 0; i < source_streams(render->source); i++)
        if (!source_use(render->source, i, use_of(render, i), failure))
            return false;
    return true;
}

/* The earliest moment that any branch needs. */
static double first_needed(const struct render *render)
{
    double first = INFINITY;
    for (guint i = 0; i < render->branches->len; i++) {
        const struct branch *branch = render->branches->pdata[i];
        for (guint j = 0; !branch->failed && j < branch->lanes->len; j++) {
            const struct lane *lane = &g_array_index(branch->lanes, struct lane, j);
            double from = lane->chain || branch_chain(branch) ? 0 : -INFINITY, to;
            const struct chain *chain = lane->chain ? lane->chain : branch_chain(branch);
            if (chain)
                chain_span(chain, &from, &to);
            first = MIN(first, from);
        }
    }
    return first;
}

void render_drop_primed(struct render *render)
{
    for (struct message *message; (message = g_queue_pop_head(&render->primed));)
        message_destroy(message);
}

/* --- cues that are seen where it begins --- */

static bool is_cues(const struct render *render, int stream)
{
    return stream_is_cues(source_stream(render->source, stream));
}

/* Where times of a transport stream begin anew it is read from its start, cues and all. */
static bool any_cues(const struct render *render)
{
    if (source_parts(render->source)->restarts > 0)
        return false;
    for (int i = 0; i < source_streams(render->source); i++)
        if (is_cues(render, i) && use_of(render, i) != SOURCE_SKIP)
            return true;
    return false;
}

/* The stream whose packets tell how far the file was read; -1: all of it is cues. */
static int clock_of(const struct render *render)
{
    if (render->picture >= 0)
        return render->picture;
    for (int i = 0; i < source_streams(render->source); i++)
        if (!is_cues(render, i))
            return i;
    return -1;
}

static bool use_cues(const struct render *render, int clock, struct failure *failure)
{
    for (int i = 0; i < source_streams(render->source); i++) {
        const unsigned use = is_cues(render, i) ? use_of(render, i)
                             : i == clock       ? SOURCE_PACKETS
                                                : SOURCE_SKIP;
        if (!source_use(render->source, i, use, failure))
            return false;
    }
    return true;
}

static bool read_cues(struct render *render, double to_s, struct failure *failure)
{
    static const double interleaved_s = 10;
    struct source_item item;
    const int clock = clock_of(render);
    if (!use_cues(render, clock, failure) ||
        !source_seek(render->source, to_s - CUE_MOST_S, failure))
        return false;
    for (enum source_got got; (got = source_next(render->source, &item, failure)) != SOURCE_END;) {
        if (got == SOURCE_FAILED)
            return false;
        if (item.stream == clock && item.time_s > to_s + interleaved_s)
            break;
        if (item.stream != clock && item.time_s < to_s)
            g_queue_push_tail(&render->primed, message_of_item(&item, got));
    }
    render->cues_from_s = to_s;
    return true;
}

/* --- */

bool render_settle(struct render *render, struct failure *failure)
{
    const double preroll_s = 0.25, worth_s = 2;
    const double first_s = first_needed(render) - preroll_s;
    if (!isfinite(first_s) || first_s - render->start_s < worth_s || render->joining)
        return use_all(render, failure);
    render_drop_primed(render);
    render->primed_ended = false;
    return (!any_cues(render) || read_cues(render, first_s, failure)) && use_all(render, failure) &&
           source_seek(render->source, first_s, failure);
}
