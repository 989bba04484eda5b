/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as cue points and as their labels: what is left of them is whole, and stays when
 * nothing is cut. */
#include "text/cues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cue_move part = {.cut = 1000, .ratio = 0.5, .frames = 100000},
                             all = {.cut = 0, .ratio = 1, .frames = INT64_MAX};

static void check_points(GBytes *chunk, GArray *gone)
{
    enum { COUNT = 4, POINT = 24 };
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GBytes) kept = cues_moved(chunk, &part, gone);
    if (!kept)
        return;
    gsize size = g_bytes_get_size(kept);
    g_assert(size % POINT == COUNT && size + gone->len * POINT <= g_bytes_get_size(chunk));
    g_autoptr(GBytes) same = cues_moved(kept, &all, none);
    g_assert(none->len == 0 && g_bytes_equal(kept, same));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) chunk = g_bytes_new(data, size);
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(guint32));
    check_points(chunk, gone);
    g_array_append_vals(gone, &(guint32){1}, 1);
    g_autoptr(GBytes) kept = cue_labels_kept(chunk, &part, gone);
    if (!kept)
        return 0;
    g_autoptr(GBytes) same = cue_labels_kept(kept, &all, none);
    g_assert(g_bytes_get_size(kept) % 2 == 0 && g_bytes_equal(kept, same));
    return 0;
}
