/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows shared out among threads. */
#include "base/slices.h"

enum { ROWS_MOST = 1080 };

struct picture {
    gint done[ROWS_MOST];
    gint odd; /* pieces that begin in the middle of a pair of rows */
};

static void run(void *data, int top, int bottom)
{
    struct picture *picture = data;
    if (top % 2)
        g_atomic_int_inc(&picture->odd);
    for (int row = top; row < bottom; row++)
        g_atomic_int_inc(&picture->done[row]);
}

static void test_every_row_is_done_once_whatever_the_threads(void)
{
    static const int sizes[] = {0, 1, 2, 15, 17, 33, 479, 1080};
    for (int threads = 0; threads <= 5; threads++) {
        g_auto(slices_ptr) slices = slices_create(threads);
        for (guint i = 0; i < G_N_ELEMENTS(sizes) * 50; i++) {
            struct picture picture = {0};
            const int rows = sizes[i % G_N_ELEMENTS(sizes)];
            slices_run(slices, rows, run, &picture);
            for (int row = 0; row < ROWS_MOST; row++)
                g_assert_cmpint(picture.done[row], ==, row < rows);
            g_assert_cmpint(picture.odd, ==, 0);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/slices/every_row_once",
                    test_every_row_is_done_once_whatever_the_threads);
    return g_test_run();
}
