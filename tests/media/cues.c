/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cue points and labels, as many as a file has. */
#include "text/cues.h"

#include "bytes/little.h"

enum { COUNT = 300000, EVEN = 2 };

/* Every second point is outside; ids are given from the last to the first. */
static void many_take_no_time(void)
{
    const struct cue_move move = {.cut = 0, .ratio = 1, .frames = 1};
    g_autoptr(GByteArray) cues = g_byte_array_new();
    g_autoptr(GByteArray) labels = g_byte_array_new();
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (unsigned i = 0; i < COUNT; i++)
        cue_add(cues, labels, i % EVEN, "x");
    for (unsigned i = 0; i < COUNT; i++)
        little_put(cues->data + 4 + 24 * (gsize)i, COUNT - i, 4);
    g_autoptr(GBytes) points = g_bytes_new_static(cues->data, cues->len);
    g_autoptr(GBytes) texts = g_bytes_new_static(labels->data, labels->len);
    g_test_timer_start();
    g_autoptr(GBytes) points_kept = cues_moved(points, &move, gone);
    g_autoptr(GBytes) texts_kept = cue_labels_kept(texts, &move, gone);
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 1);
    g_assert_cmpuint(gone->len, ==, COUNT / EVEN);
    g_assert_cmpuint(g_bytes_get_size(points_kept), ==, 4 + 24 * COUNT / EVEN);
    g_assert_cmpuint(g_bytes_get_size(texts_kept), ==, 4 + 14 * COUNT / EVEN);
    const guint8 *label = g_bytes_get_data(texts_kept, NULL);
    g_assert_cmpuint(little_get(label + 4 + 8, 4), ==, 2); /* 1 is the last one's: outside */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cues/many take no time", many_take_no_time);
    return g_test_run();
}
