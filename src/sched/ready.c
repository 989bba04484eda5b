/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ready list: a heap, the most urgent first and of those the longest remaining branch, and what
 * may start from it now. What is rendered is verified before more is rendered: it is published
 * early, and no kill costs it. */
#include "state.h"

enum {
    LOOK_PAST = 8,  /* candidates looked at when the longest one doesn't fit in memory */
    PASSED_MAX = 16 /* after being passed so often, it is waited for */
};

/* A task that is predicted to take no longer spends a good part of that waiting: for its process,
 * for the disk to have its output, for us to publish it. */
static const double brief_s = 0.1;

/* Of the last 10 s: above it the machine thrashes, whatever was predicted. */
static const double stalled_percent = 10;

static bool verifies(const struct sched *s, int task)
{
    return s->works[task].planned->task->kind == TASK_VERIFY;
}

static int64_t due_us(const struct plan_task *planned)
{
    return planned->deadline_us ? planned->deadline_us : INT64_MAX;
}

static int by_urgency(const struct plan_task *a, const struct plan_task *b)
{
    int64_t x = due_us(a), y = due_us(b);
    return a->priority != b->priority ? (a->priority > b->priority ? -1 : 1) : (x > y) - (x < y);
}

static bool before(const struct sched *s, int a, int b)
{
    if (verifies(s, a) != verifies(s, b))
        return verifies(s, a);
    const struct work *x = &s->works[a], *y = &s->works[b];
    int urgency = by_urgency(x->planned, y->planned);
    if (urgency)
        return urgency < 0;
    return x->path_s > y->path_s || (x->path_s == y->path_s && a < b);
}

static void swap(int *a, int *b)
{
    int t = *a;
    *a = *b;
    *b = t;
}

static void heap_push(struct sched *s, int task)
{
    g_array_append_val(s->ready, task);
    int *heap = (int *)(void *)s->ready->data;
    for (guint i = s->ready->len - 1; i > 0 && before(s, heap[i], heap[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&heap[i], &heap[(i - 1) / 2]);
}

static int heap_pop(struct sched *s)
{
    int *heap = (int *)(void *)s->ready->data, top = heap[0];
    guint length = s->ready->len - 1, i = 0;
    heap[0] = heap[length];
    g_array_set_size(s->ready, length);
    for (guint child; (child = 2 * i + 1) < length; i = child) {
        if (child + 1 < length && before(s, heap[child + 1], heap[child]))
            child++;
        if (!before(s, heap[child], heap[i]))
            break;
        swap(&heap[i], &heap[child]);
    }
    return top;
}

void ready_push(struct sched *s, int task)
{
    s->works[task].state = WORK_READY;
    if (s->works[task].alone)
        g_array_append_val(s->lonely, task);
    else
        heap_push(s, task);
}

void ready_forget(struct sched *s)
{
    g_autoptr(GArray) heap = g_steal_pointer(&s->ready);
    g_autoptr(GArray) lonely = g_steal_pointer(&s->lonely);
    s->ready = g_array_new(FALSE, FALSE, sizeof(int));
    s->lonely = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_vals(heap, lonely->data, lonely->len);
    g_array_append_vals(heap, s->shelved->data, s->shelved->len);
    g_array_set_size(s->shelved, 0);
    for (guint i = 0; i < heap->len; i++) {
        int task = g_array_index(heap, int, i);
        if (s->works[task].state == WORK_READY)
            ready_push(s, task);
    }
}

static bool is_brief(const struct sched *s, int task)
{
    return task_seconds(s->works[task].planned) <= brief_s;
}

/* A task that needs more than there is runs all the same, by itself. The place above the cores is
 * for brief ones. */
static bool fits(const struct sched *s, int task)
{
    double bytes = task_memory(s->works[task].planned);
    if (s->threads_used >= s->params.cores && !is_brief(s, task))
        return false;
    return s->running->len == 0 || s->memory_used + bytes <= s->params.memory_bytes;
}

/* The first that there is room for on the disk; the others wait on the shelf. */
static int take_with_room(struct sched *s, bool held)
{
    while (s->ready->len > 0 && (!held || verifies(s, g_array_index(s->ready, int, 0)))) {
        int task = heap_pop(s);
        if (disk_fits(s, task))
            return task;
        disk_shelve(s, task);
    }
    return -1;
}

/* The first that fits; smaller ones may pass a big one for a while. */
static int take_fitting(struct sched *s, bool held)
{
    int seen[LOOK_PAST], chosen = -1;
    guint count = 0;
    while (count < LOOK_PAST && chosen < 0) {
        seen[count] = take_with_room(s, held);
        if (seen[count] < 0)
            break;
        if (fits(s, seen[count]))
            chosen = seen[count];
        count++;
        if (s->works[seen[0]].passed >= PASSED_MAX)
            break;
    }
    if (chosen >= 0 && chosen != seen[0])
        s->works[seen[0]].passed++;
    for (guint i = 0; i < count; i++)
        if (seen[i] != chosen)
            heap_push(s, seen[i]);
    return chosen;
}

static int usable_threads(const struct sched *s, int task, int most)
{
    int usable = s->works[task].planned->threads_most;
    return usable > 0 ? MIN(usable, most) : most;
}

/* Spreads the free cores over the tasks that could start beside this one: its share, and what they
 * can't use of theirs. */
static int width(const struct sched *s, int task)
{
    int cores = s->params.cores - s->threads_used;
    int starting = MIN((int)s->ready->len + 1, s->params.jobs - (int)s->running->len);
    if (starting >= cores)
        return 1;
    int share = (cores + starting - 1) / starting, others = 0;
    for (int i = 0; i < starting - 1; i++)
        others += usable_threads(s, g_array_index(s->ready, int, i), share);
    return usable_threads(s, task, MAX(share, cores - others));
}

static int take_lonely(struct sched *s)
{
    while (s->lonely->len > 0 && s->ready->len == 0 && s->running->len == 0) {
        int task = g_array_index(s->lonely, int, 0);
        g_array_remove_index(s->lonely, 0);
        if (disk_fits(s, task))
            return task;
        disk_shelve(s, task);
    }
    return -1;
}

/* Without a task there is no telling who uses the memory. */
static bool machine_thrashes(const struct sched *s)
{
    const struct machine *machine = s->params.machine;
    return s->running->len > 0 && machine->memory_stalled(machine->self) > stalled_percent;
}

/* While one of the brief ones waits, another has its core. */
static int places(const struct sched *s)
{
    bool brief = s->ready->len > 0 && is_brief(s, g_array_index(s->ready, int, 0));
    return s->params.cores + brief;
}

int ready_take(struct sched *s, bool held)
{
    if (s->alone_running || s->threads_used >= places(s) ||
        (int)s->running->len >= s->params.jobs || s->ready->len + s->lonely->len == 0 ||
        machine_thrashes(s))
        return -1;
    int task = take_fitting(s, held);
    if (task >= 0)
        s->works[task].threads = width(s, task);
    else if (!held)
        task = take_lonely(s);
    return task;
}
