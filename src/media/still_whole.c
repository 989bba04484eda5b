/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills whose end isn't there. */
#include "still_whole.h"

#include "box.h"
#include "jpeg_segments.h"
#include "still_heif.h"

#include <string.h>
#include <unistd.h>

enum { ZEROS_LEAST = 1024, WEBP_SHARE = 4, TAIL = 4096, PIECE = 65536 };

static int64_t zeros_at_end(int fd, int64_t from, int64_t end)
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

/* NULL: they are fewer than `least`. */
static char *zeros_text(int fd, int64_t from, int64_t end, int64_t least)
{
    const int64_t zeros = zeros_at_end(fd, from, end);
    return zeros >= least
               ? g_strdup_printf("the last %" G_GINT64_FORMAT " bytes of its picture are zeros, as "
                                 "after a copy that broke off",
                                 zeros)
               : NULL;
}

static void find_scan(const struct jpeg_segment *one, void *data)
{
    *(off_t *)data = one->at + (off_t)one->size;
}

/* Between a 0xff in coded data and what is no marker there is a 0. From the end, where it is as a
 * rule, so that a whole file isn't read for it. */
static bool has_end_mark(int fd, int64_t from, int64_t end)
{
    g_autofree guint8 *piece = g_malloc(PIECE);
    while (end - from > 1) {
        const size_t size = (size_t)MIN(end - from, PIECE);
        if (!file_read_at(fd, end - (int64_t)size, piece, size))
            return false;
        if (memmem(piece, size, "\xff\xd9", 2))
            return true;
        end -= (int64_t)size - 1;
    }
    return false;
}

static char *missing_of_jpeg(int fd, int64_t end)
{
    off_t scan = 2;
    jpeg_each_segment(fd, find_scan, &scan);
    if (has_end_mark(fd, scan, end))
        return NULL;
    char *zeros = zeros_text(fd, scan, end, ZEROS_LEAST);
    return zeros ? zeros : g_strdup("it has no end mark (EOI)");
}

/* WebP Container Specification, RIFF File Format: chunks of even lengths. */
static char *missing_of_webp(int fd, int64_t end)
{
    enum { FIRST = 12, HEAD = 8 };
    guint32 head[2];
    char *missing = NULL;
    for (int64_t at = FIRST; !missing && at < end && file_read_at(fd, at, head, sizeof head);) {
        const int64_t from = at + HEAD, size = GUINT32_FROM_LE(head[1]);
        static const char *const coded[] = {"VP8 ", "VP8L", "ALPH", "ANMF"};
        for (unsigned i = 0; i < G_N_ELEMENTS(coded) && !missing; i++)
            if (memcmp(head, coded[i], 4) == 0)
                missing = zeros_text(fd, from, MIN(from + size, end),
                                     MAX(ZEROS_LEAST, size / WEBP_SHARE));
        at = from + size + size % 2;
    }
    return missing;
}

struct look {
    int fd;
    int64_t end;
    char *missing;
};

static void look_at(int64_t from, int64_t size, void *data)
{
    struct look *look = data;
    if (!look->missing)
        look->missing = zeros_text(look->fd, from, MIN(from + size, look->end), ZEROS_LEAST);
}

static char *missing_of_heif(int fd, int64_t end)
{
    struct look look = {.fd = fd, .end = end};
    heif_each_extent(fd, look_at, &look);
    return look.missing;
}

char *still_missing(int fd)
{
    static const struct {
        unsigned at;
        const char *mark;
        char *(*missing)(int fd, int64_t end);
    } rows[] = {{0, "\xff\xd8", missing_of_jpeg},
                {8, "WEBP", missing_of_webp},
                {4, "ftyp", missing_of_heif}};
    char head[12];
    if (!file_read_at(fd, 0, head, sizeof head))
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (memcmp(head + rows[i].at, rows[i].mark, strlen(rows[i].mark)) == 0)
            return rows[i].missing(fd, lseek(fd, 0, SEEK_END));
    return NULL;
}
