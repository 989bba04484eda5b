/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs of zero bytes. */
#include "zeros.h"

#include "box.h"

#include <glib.h>
#include <string.h>

enum { PIECE = 65536, TAIL = 4096 };

int64_t zeros_at_end(int fd, int64_t from, int64_t end)
{
    guint8 piece[TAIL];
    int64_t zeros = 0;
    while (end > from) {
        size_t size = (size_t)MIN(end - from, TAIL);
        if (!file_read_at(fd, end - (int64_t)size, piece, size))
            break;
        end -= (int64_t)size;
        for (; size > 0 && !piece[size - 1]; size--)
            zeros++;
        if (size > 0)
            break;
    }
    return zeros;
}

/* From `at` on. */
static int64_t run(int fd, int64_t at, int64_t end)
{
    g_autofree guint8 *piece = g_malloc(PIECE);
    int64_t zeros = 0;
    while (at < end) {
        const size_t size = (size_t)MIN(end - at, PIECE);
        size_t i = 0;
        if (!file_read_at(fd, at, piece, size))
            break;
        while (i < size && !piece[i])
            i++;
        zeros += (int64_t)i;
        at += (int64_t)i;
        if (i < size)
            break;
    }
    return zeros;
}

int64_t zeros_find(int fd, int64_t from, int64_t end, int64_t *at)
{
    static const guint8 zeros[ZEROS_LEAST];
    g_autofree guint8 *piece = g_malloc(PIECE);
    while (end - from >= ZEROS_LEAST) {
        const size_t size = (size_t)MIN(end - from, PIECE);
        if (!file_read_at(fd, from, piece, size))
            return 0;
        const guint8 *found = memmem(piece, size, zeros, ZEROS_LEAST);
        if (found) {
            *at = from + (found - piece);
            return run(fd, *at, end);
        }
        from += (int64_t)size - (ZEROS_LEAST - 1);
    }
    return 0;
}

char *zeros_hole_text(int64_t zeros, int64_t at)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " bytes of its coded picture are zeros (from byte "
                           "%" G_GINT64_FORMAT " on), as a copy or download leaves them that has "
                           "a hole",
                           zeros, at);
}

char *zeros_end_text(int64_t zeros)
{
    return g_strdup_printf("the last %" G_GINT64_FORMAT " bytes of its picture are zeros, as after "
                           "a copy that broke off",
                           zeros);
}
