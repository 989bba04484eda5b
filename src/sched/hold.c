/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the run is held, and saying so once. */
#include "state.h"

static int64_t wall_us(const struct sched *s)
{
    return s->params.machine->wall_us(s->params.machine->self);
}

static enum hold from_outside(const struct sched *s)
{
    if (s->draining)
        return HOLD_NONE;
    if (s->paused)
        return HOLD_PAUSED;
    return window_is_open(&s->params.window, wall_us(s)) ? HOLD_NONE : HOLD_WINDOW;
}

bool hold_allows(const struct sched *s)
{
    return from_outside(s) == HOLD_NONE;
}

static bool is_idle(const struct sched *s)
{
    return s->running->len == 0 && s->awaiting == 0 && s->ready->len == 0 && s->lonely->len == 0;
}

bool hold_all_done(const struct sched *s)
{
    return is_idle(s) && s->shelved->len == 0;
}

static void refuse_shelved(struct sched *s)
{
    g_autofree char *text = disk_text(s);
    struct failure why = {FAIL_NONE, NULL};
    fail(&why, FAIL_DISK, "%s in %s; free some space and resume", text, s->out_dir);
    while (s->shelved->len > 0) {
        int task = g_array_index(s->shelved, int, s->shelved->len - 1);
        g_array_set_size(s->shelved, s->shelved->len - 1);
        outcome_refuse(s, task, &why);
    }
    failure_clear(&why);
}

/* Waiting wouldn't help: a source that says it lasts for years mustn't hold the others up. */
static void refuse_hopeless(struct sched *s)
{
    for (guint i = s->shelved->len; i > 0; i--) {
        const int task = g_array_index(s->shelved, int, i - 1);
        if (!disk_never_fits(s, task))
            continue;
        g_autofree char *text = disk_size_text(s, task);
        struct failure why = {FAIL_NONE, NULL};
        fail(&why, FAIL_DISK,
             "%s: is the source as long as it says? `--on-low-disk ignore` begins it all the same",
             text);
        g_array_remove_index(s->shelved, i - 1);
        outcome_refuse(s, task, &why);
        failure_clear(&why);
    }
}

static bool has_more(const struct sched *s)
{
    return s->tasks_ended + s->running->len < s->plan->tasks->len;
}

static enum hold now(const struct sched *s)
{
    enum hold outside = has_more(s) ? from_outside(s) : HOLD_NONE;
    return outside ? outside : is_idle(s) && s->shelved->len > 0 ? HOLD_DISK : HOLD_NONE;
}

static char *text_of(const struct sched *s, enum hold hold)
{
    if (hold == HOLD_PAUSED)
        return g_strdup("paused; `rushes continue` goes on");
    if (hold == HOLD_DISK) {
        g_autofree char *disk = disk_text(s);
        return g_strdup_printf("paused: %s; free some space, or Ctrl-C and resume", disk);
    }
    return window_waiting_text(&s->params.window, wall_us(s));
}

static void say(struct sched *s, enum hold hold)
{
    if (s->hold)
        s->held_us += sched_now_us(s) - s->held_since_us;
    s->held_since_us = sched_now_us(s);
    s->hold = hold;
    struct event *event = sched_emit(s, hold ? EVENT_RUN_HELD : EVENT_RUN_CONTINUED, -1, -1, NULL);
    event->hold = hold;
    event->text = hold ? text_of(s, hold) : NULL;
}

void hold_look(struct sched *s)
{
    if (now(s) == HOLD_DISK)
        refuse_hopeless(s);
    enum hold hold = now(s);
    if (hold == HOLD_DISK && s->params.low_disk == LOW_DISK_FAIL)
        refuse_shelved(s);
    else if (hold != s->hold)
        say(s, hold);
}

int64_t hold_elapsed_us(const struct sched *s)
{
    int64_t held = s->held_us + (s->hold ? sched_now_us(s) - s->held_since_us : 0);
    return sched_now_us(s) - s->begin_us - held;
}
