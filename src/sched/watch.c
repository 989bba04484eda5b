/* SPDX-License-Identifier: GPL-3.0-or-later
 * Attempts that take too long, or have stopped moving. */
#include "state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t us(double seconds)
{
    return (int64_t)(seconds * 1e6);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int64_t median_step_us(const struct run *run)
{
    int64_t steps[STEPS];
    unsigned count = MIN(run->moves, STEPS);
    memcpy(steps, run->steps_us, sizeof steps);
    qsort(steps, count, sizeof *steps, by_size);
    return count > 0 ? steps[count / 2] : 0;
}

/* A slow encoder moves seldom, a still may be one long step, and where others want the processors
 * as well, all takes as much longer; but what waits for a disk that hangs counts as load, too. The
 * machine is only asked once the calm patience is over: this is called at each event. */
static int64_t stall_us(const struct sched *s, const struct run *run)
{
    enum { PATIENCE = 20, BUSIEST = 10 };
    const struct plan_task *planned = s->works[run->task].planned;
    int64_t predicted = planned->task->media == KIND_IMAGE ? us(task_seconds(planned)) : 0;
    int64_t calm = MAX(us(s->params.stall_s), PATIENCE * MAX(median_step_us(run), predicted));
    if (sched_now_us(s) - run->moved_us < calm)
        return calm;
    const struct machine *machine = s->params.machine;
    const double load = machine->load(machine->self);
    return MAX(calm, us(s->params.stall_s * CLAMP(load, 1, BUSIEST)));
}

static int64_t due_us(const struct sched *s, const struct run *run)
{
    int64_t stall = run->moved_us + stall_us(s, run);
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
    int64_t patience = stall_us(s, run);
    if (now_us - run->moved_us >= patience)
        fail(why, FAIL_TIMEOUT,
             "made no progress for %.0f s and was stopped: a source that never ends, or a "
             "machine or a disk too slow for so many tasks at once (-j)",
             (double)patience / 1e6);
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
    if (moved) {
        run->steps_us[run->moves++ % STEPS] = now_us - run->moved_us;
        run->moved_us = now_us;
    }
    run->progress = *progress;
}
