/* SPDX-License-Identifier: GPL-3.0-or-later
 * The limiter as a stage of a chain. */
#include "media/limiter.h"

#include "private.h"

struct limiting {
    struct limiter *limiter;
    int channels;
    double ceiling_dbtp;
};

static bool run(void *state, struct sound_rows *rows, struct failure *failure)
{
    struct limiting *limiting = state;
    if (rows->channels != limiting->channels)
        return fail(failure, FAIL_INTERNAL, "%d channels came to a limiter of %d", rows->channels,
                    limiting->channels);
    limiter_run(limiting->limiter, rows->channel, rows->frames);
    return true;
}

static void free_limiting(void *state)
{
    limiter_destroy(((struct limiting *)state)->limiter);
    g_free(state);
}

static void note(const void *state, struct chain *chain)
{
    const struct limiting *limiting = state;
    struct limited limited = limiter_read(limiting->limiter);
    if (limited.share > 0)
        chain_note(
            chain,
            "limited: true peaks kept under %.1f dBTP, by up to %.1f dB, %.2f %% of the time",
            limiting->ceiling_dbtp, limited.reduction_db, limited.share * 100);
    else
        chain_note(chain, "limited: nothing, no true peak was above %.1f dBTP",
                   limiting->ceiling_dbtp);
}

bool chain_limit(struct chain *chain, double ceiling_dbtp, double release_ms,
                 struct failure *failure)
{
    const struct sound_shape *shape = chain_sound(chain);
    struct limiting *limiting = g_new(struct limiting, 1);
    *limiting = (struct limiting){
        limiter_create(shape->rate, shape->channels, ceiling_dbtp, release_ms),
        shape->channels,
        ceiling_dbtp,
    };
    if (!chain_sound_lookahead(chain, failure, "limit", run, limiter_latency(limiting->limiter),
                               limiting, free_limiting))
        return false;
    chain->limited = true;
    chain_at_end(chain, note, limiting);
    return true;
}
