/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a bext chunk: refused, or one that reads back the same from what is printed. */
#include "sound/bext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GBytes *printed_again(GBytes *chunk)
{
    struct bext bext;
    g_assert(bext_parse(&bext, chunk));
    GBytes *printed = bext_print(&bext);
    bext_clear(&bext);
    return printed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bext bext;
    g_autoptr(GBytes) chunk = g_bytes_new(data, size);
    if (!bext_parse(&bext, chunk))
        return 0;
    bext_made(&bext, 48000, 24, 2, false);
    g_autoptr(GBytes) printed = bext_print(&bext);
    bext_clear(&bext);
    g_autoptr(GBytes) same = printed_again(printed);
    g_assert(g_bytes_get_size(printed) % 2 == 0 && g_bytes_equal(printed, same));
    return 0;
}
