/* SPDX-License-Identifier: GPL-3.0-or-later
 * Attempts that take too long, or have stopped moving. */
#include "state.h"

#include <math.h>
#include <string.h>

static int64_t us(double seconds)
{
    return (int64_t)(seconds * 1e6);
}

static int64_t due_us(const struct sched *s, const struct run *run)
{
    int64_t stall = run->moved_us + us(s->params.stall_s);
    return s->params.timeout_s > 0 ? MIN(stall, run->started_us + us(s->params.timeout_s)) : stall;
}

int64_t watch_left_us(const struct sched *s)
{
    int64_t now = sched_now_us(s), left = INT64_MAX;
    for (guint i = 0; i < s->running->len; i++) {
        const struct run *run = &g_array_index(s->running, struct run, i);
        if (!run->killed)
            left = MIN(left, due_us(s, run) - now);
    }
    return MAX(left, 0);
}

bool watch_overdue(const struct sched *s, const struct run *run, int64_t now_us,
                   struct failure *why)
{
    if (run->killed || now_us < due_us(s, run))
        return false;
    if (now_us - run->moved_us >= us(s->params.stall_s))
        fail(why, FAIL_TIMEOUT,
             "made no progress for %.0f s and was stopped; if the source is whole, allow more time",
             s->params.stall_s);
    else
        fail(why, FAIL_TIMEOUT, "took longer than the %.0f s that --timeout allows",
             s->params.timeout_s);
    return true;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

void watch_progress(struct run *run, const struct progress *progress, int64_t now_us)
{
    bool moved = !same(progress->fraction, run->progress.fraction) ||
                 progress->frames != run->progress.frames ||
                 strncmp(progress->stage, run->progress.stage, sizeof progress->stage) != 0;
    if (moved)
        run->moved_us = now_us;
    run->progress = *progress;
}
