/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ready list: a heap, longest remaining branch first, and what may start from it now. What is
 * rendered is verified before more is rendered: it is published early, and no kill costs it. */
#include "state.h"

enum {
    LOOK_PAST = 8,  /* candidates looked at when the longest one doesn't fit in memory */
    PASSED_MAX = 16 /* after being passed so often, it is waited for */
};

static bool verifies(const struct sched *s, int task)
{
    return s->works[task].planned->task->kind == TASK_VERIFY;
}

static bool before(const struct sched *s, int a, int b)
{
    if (verifies(s, a) != verifies(s, b))
        return verifies(s, a);
    double x = s->works[a].path_s, y = s->works[b].path_s;
    return x > y || (x == y && a < b);
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
    for (guint i = 0; i < heap->len; i++) {
        int task = g_array_index(heap, int, i);
        if (s->works[task].state == WORK_READY)
            ready_push(s, task);
    }
}

/* A task that needs more than there is runs all the same, by itself. */
static bool fits(const struct sched *s, int task)
{
    double bytes = task_memory(s->works[task].planned);
    return s->running->len == 0 || s->memory_used + bytes <= s->params.memory_bytes;
}

/* The longest that fits in memory; shorter ones may pass a big one for a while. */
static int take_fitting(struct sched *s)
{
    int seen[LOOK_PAST], chosen = -1;
    guint count = 0;
    while (count < LOOK_PAST && s->ready->len > 0 && chosen < 0) {
        seen[count] = heap_pop(s);
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

/* Spreads the free cores over the tasks that could start beside this one. */
static int width(const struct sched *s)
{
    int cores = s->params.cores - s->threads_used;
    int starting = MIN((int)s->ready->len + 1, s->params.jobs - (int)s->running->len);
    return starting >= cores ? 1 : (cores + starting - 1) / starting;
}

static int take_lonely(struct sched *s)
{
    if (s->lonely->len == 0 || s->ready->len > 0 || s->running->len > 0)
        return -1;
    int task = g_array_index(s->lonely, int, 0);
    g_array_remove_index(s->lonely, 0);
    return task;
}

int ready_take(struct sched *s)
{
    if (s->alone_running || s->threads_used >= s->params.cores ||
        (int)s->running->len >= s->params.jobs)
        return -1;
    int task = take_fitting(s);
    if (task >= 0)
        s->works[task].threads = width(s);
    else
        task = take_lonely(s);
    return task;
}
