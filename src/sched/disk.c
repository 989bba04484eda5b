/* SPDX-License-Identifier: GPL-3.0-or-later
 * Room on the disk. A render starts when there is room for what it and the running ones are still
 * going to write; else it waits on a shelf, and smaller ones go first. */
#include "state.h"

#include <math.h>

/* With less than this a disk counts as full, whatever was predicted of an output. */
static const double full_bytes = 16e6;
static const int64_t look_again_us = 5 * G_USEC_PER_SEC;

double disk_need(const struct sched *s, const struct plan_task *planned)
{
    double bytes = 0;
    for (guint i = 0; planned->task->kind == TASK_RENDER && i < planned->outputs->len; i++) {
        int output = g_array_index(planned->outputs, int, i);
        bytes += ((struct plan_output *)s->plan->outputs->pdata[output])->bytes;
    }
    return isfinite(bytes) ? bytes : 0;
}

double disk_folder(const struct plan_output *output)
{
    return output->files && isfinite(output->bytes) ? output->bytes : 0;
}

double disk_folders(const struct sched *s, const struct plan_task *planned)
{
    double bytes = 0;
    for (guint i = 0; planned->task->kind == TASK_RENDER && i < planned->outputs->len; i++)
        bytes += disk_folder(s->plan->outputs->pdata[g_array_index(planned->outputs, int, i)]);
    return bytes;
}

static double free_bytes(const struct sched *s)
{
    const struct machine *machine = s->params.machine;
    return s->out_dir ? machine->disk_bytes(machine->self, s->out_dir) : INFINITY;
}

/* To the running ones, and not written yet; and to the folders of those that ran. */
static double promised_bytes(const struct sched *s)
{
    double bytes = s->folder_bytes;
    for (guint i = 0; i < s->running->len; i++) {
        const struct run *run = &g_array_index(s->running, struct run, i);
        double written = run->progress.fraction > 0 ? MIN(run->progress.fraction, 1) : 0;
        const struct work *w = &s->works[run->task];
        bytes += w->disk_bytes * (1 - written) + w->folder_bytes;
    }
    return bytes;
}

/* An interrupted run ends; it waits for nothing. */
static bool is_watched(const struct sched *s)
{
    return s->params.low_disk != LOW_DISK_IGNORE && !s->draining;
}

bool disk_fits(const struct sched *s, int task)
{
    double bytes = s->works[task].disk_bytes + s->works[task].folder_bytes;
    return bytes <= 0 || !is_watched(s) || bytes + promised_bytes(s) <= free_bytes(s);
}

bool disk_never_fits(const struct sched *s, int task)
{
    const struct machine *machine = s->params.machine;
    const struct work *w = &s->works[task];
    return w->disk_bytes + w->folder_bytes > machine->disk_size(machine->self, s->out_dir);
}

void disk_shelve(struct sched *s, int task)
{
    if (s->shelved->len == 0)
        s->shelf_us = sched_now_us(s) + look_again_us;
    g_array_append_val(s->shelved, task);
}

void disk_unshelve(struct sched *s, bool now)
{
    if (s->shelved->len == 0 || !(now || sched_now_us(s) >= s->shelf_us))
        return;
    g_autoptr(GArray) tasks = g_steal_pointer(&s->shelved);
    s->shelved = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < tasks->len; i++)
        if (s->works[g_array_index(tasks, int, i)].state == WORK_READY)
            ready_push(s, g_array_index(tasks, int, i));
}

char *disk_size_text(const struct sched *s, int task)
{
    const struct machine *machine = s->params.machine;
    const struct work *w = &s->works[task];
    g_autofree char *need = g_format_size((guint64)(w->disk_bytes + w->folder_bytes));
    g_autofree char *have = g_format_size((guint64)machine->disk_size(machine->self, s->out_dir));
    return g_strdup_printf("would need %s, and the disk has %s in all", need, have);
}

char *disk_text(const struct sched *s)
{
    double least = INFINITY;
    for (guint i = 0; i < s->shelved->len; i++) {
        const struct work *w = &s->works[g_array_index(s->shelved, int, i)];
        least = MIN(least, w->disk_bytes + w->folder_bytes);
    }
    g_autofree char *need = g_format_size((guint64)least);
    g_autofree char *have = g_format_size((guint64)MAX(free_bytes(s), 0));
    return g_strdup_printf("needs %s, %s free", need, have);
}

static const struct failure *said_full(const struct result *result)
{
    if (failure_is_full(&result->failure))
        return &result->failure;
    for (guint i = 0; i < result->outputs->len; i++) {
        const struct output_result *output = result->outputs->pdata[i];
        if (failure_is_full(&output->failure))
            return &output->failure;
    }
    return NULL;
}

static double written_bytes(const struct sched *s, const struct plan_task *planned)
{
    const struct machine *machine = s->params.machine;
    double bytes = 0;
    for (guint i = 0; i < planned->outputs->len; i++) {
        int output = g_array_index(planned->outputs, int, i);
        const char *part = ((struct plan_output *)s->plan->outputs->pdata[output])->part;
        bytes += part ? machine->file_bytes(machine->self, part) : 0;
    }
    return bytes;
}

/* What it could write was not enough: it waits for twice that, so that it can't go on in circles.
 * A disk that isn't full any more was not the reason, or somebody's quota is. */
const struct failure *disk_was_full(struct sched *s, int task, const struct result *result)
{
    const struct failure *full = said_full(result);
    struct work *w = &s->works[task];
    double need = MAX(w->disk_bytes, full_bytes);
    if (!full || s->params.low_disk != LOW_DISK_WAIT || !is_watched(s) || free_bytes(s) >= need)
        return NULL;
    w->disk_bytes = MAX(need, 2 * written_bytes(s, w->planned));
    w->disk_waits++;
    return full;
}
