/* SPDX-License-Identifier: GPL-3.0-or-later
 * Slices by a pool of threads. */
#include "base/slices.h"

/* Rows: of less, handing over costs more than it saves. Pieces a thread: what one that falls behind
 * can hold up. */
enum { ROWS_LEAST = 16, PIECES = 8 };

struct slices {
    GThreadPool *pool;
    int threads;
    GMutex lock;
    GCond finished;
    int helping; /* under the lock */
    int next;    /* the row that isn't handed out; atomic */
    int rows, step;
    void (*run)(void *data, int top, int bottom);
    void *data;
};

static void work(struct slices *slices)
{
    for (int top; (top = g_atomic_int_add(&slices->next, slices->step)) < slices->rows;)
        slices->run(slices->data, top, MIN(top + slices->step, slices->rows));
}

static void help(gpointer token, gpointer user_data)
{
    struct slices *slices = user_data;
    work(slices);
    g_mutex_lock(&slices->lock);
    if (--slices->helping == 0)
        g_cond_signal(&slices->finished);
    g_mutex_unlock(&slices->lock);
}

struct slices *slices_create(int threads)
{
    if (threads < 2)
        return NULL;
    struct slices *slices = g_new0(struct slices, 1);
    slices->threads = threads;
    g_mutex_init(&slices->lock);
    g_cond_init(&slices->finished);
    /* One that starts none of its threads has nobody that helps. */
    slices->pool = g_thread_pool_new(help, slices, threads - 1, TRUE, NULL);
    return slices;
}

void slices_destroy(struct slices *slices)
{
    if (!slices)
        return;
    g_thread_pool_free(slices->pool, FALSE, TRUE);
    g_mutex_clear(&slices->lock);
    g_cond_clear(&slices->finished);
    g_free(slices);
}

void slices_run(struct slices *slices, int rows, void (*run)(void *data, int top, int bottom),
                void *data)
{
    const int step = slices ? MAX(rows / (slices->threads * PIECES), ROWS_LEAST) & ~1 : rows;
    if (!slices || step >= rows) {
        run(data, 0, rows);
        return;
    }
    slices->run = run;
    slices->data = data;
    slices->rows = rows;
    slices->step = step;
    g_atomic_int_set(&slices->next, 0);
    slices->helping = (int)g_thread_pool_get_num_threads(slices->pool);
    for (int i = slices->helping; i > 0; i--)
        g_thread_pool_push(slices->pool, slices, NULL);
    work(slices);
    g_mutex_lock(&slices->lock);
    while (slices->helping)
        g_cond_wait(&slices->finished, &slices->lock);
    g_mutex_unlock(&slices->lock);
}
