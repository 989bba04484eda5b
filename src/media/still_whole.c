/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills whose end isn't there. */
#include "still_whole.h"

#include "box.h"
#include "still_heif.h"
#include "zeros.h"

#include <string.h>
#include <unistd.h>

enum { END_LEAST = 1024, WEBP_SHARE = 4 };

static const char bytes_of_zeros[] =
    "%" G_GINT64_FORMAT " bytes of its coded picture are zeros (from byte %" G_GINT64_FORMAT
    " on), as a copy or download leaves them that has a hole";

/* Of coded data that has no such run. */
static char *hole(int fd, int64_t from, int64_t end)
{
    int64_t at = 0;
    const int64_t zeros = zeros_find(fd, from, end, &at);
    return zeros ? g_strdup_printf(bytes_of_zeros, zeros, at) : NULL;
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

/* What fills up a file is the same byte again and again. */
static bool is_filling(int fd, int64_t from, int64_t end)
{
    enum { LOOKED_AT = 4096 };
    guint8 bytes[LOOKED_AT];
    const size_t size = (size_t)MIN(end - from, LOOKED_AT);
    return !file_read_at(fd, from, bytes, size) || memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* Zeros to the end mark that its reader needn't have used. */
static bool may_be_filling(const struct jpeg_scan *scan, int64_t reached)
{
    return scan->zeros_at + scan->zeros >= scan->end &&
           reached - scan->zeros_at <= JPEG_READ_AT_ONCE;
}

static char *missing_of_jpeg(int fd, const struct jpeg_scan *scan, int64_t reached)
{
    const int64_t left = scan->end - reached;
    if (!scan->whole) {
        char *zeros = zeros_text(fd, scan->from, lseek(fd, 0, SEEK_END), END_LEAST);
        return zeros ? zeros : g_strdup("it has no end mark (EOI)");
    }
    if (scan->zeros && !may_be_filling(scan, reached))
        return g_strdup_printf(bytes_of_zeros, scan->zeros, scan->zeros_at);
    if (left <= JPEG_LEFT_MOST || is_filling(fd, reached, scan->end))
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " bytes or more of its coded picture are left over "
                           "behind the last pixel: some before them are lost or changed",
                           left);
}

/* libwebp's lossless coder ends flat pictures in zeros, too, at its least effort; where something
 * stands behind them, nothing broke off. */
static char *missing_of_lossless_webp(int fd, int64_t from, int64_t to, int64_t least, int64_t end)
{
    g_autofree char *zeros = to + 1 >= end ? zeros_text(fd, from, to, least) : NULL;
    return zeros
               ? g_strconcat(zeros,
                             ", or as the least effort leaves them of a flat lossless WebP, which "
                             "can't be told apart",
                             NULL)
               : NULL;
}

/* Transparency may stand there as plain bytes (WebP Container Specification, "ALPH", C). */
static bool is_plain(int fd, int64_t from)
{
    guint8 how;
    return file_read_at(fd, from, &how, 1) && !(how & 3);
}

/* WebP Container Specification, RIFF File Format: chunks of even lengths; a frame's has its own
 * behind a head. */
static char *missing_of_webp(int fd, int64_t end)
{
    enum { FIRST = 12, HEAD = 8, FRAME_HEAD = 16 };
    guint32 head[2];
    char *missing = NULL;
    for (int64_t at = FIRST; !missing && at < end && file_read_at(fd, at, head, sizeof head);) {
        const int64_t from = at + HEAD, size = GUINT32_FROM_LE(head[1]), to = MIN(from + size, end);
        const int64_t least = MAX(END_LEAST, size / WEBP_SHARE);
        const bool frame = memcmp(head, "ANMF", 4) == 0, alpha = memcmp(head, "ALPH", 4) == 0;
        if (memcmp(head, "VP8L", 4) == 0)
            missing = missing_of_lossless_webp(fd, from, to, least, end);
        else if (memcmp(head, "VP8 ", 4) == 0 || (alpha && !is_plain(fd, from)))
            missing = zeros_text(fd, from, to, least);
        at = frame ? from + FRAME_HEAD : from + size + size % 2;
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
        look->missing = hole(look->fd, from, MIN(from + size, look->end));
}

static char *missing_of_heif(int fd, int64_t end)
{
    struct look look = {.fd = fd, .end = end};
    heif_each_extent(fd, look_at, &look);
    return look.missing;
}

char *still_missing(int fd, const struct jpeg_scan *scan, int64_t reached)
{
    static const struct {
        unsigned at;
        const char *mark;
        char *(*missing)(int fd, int64_t end);
    } rows[] = {{8, "WEBP", missing_of_webp}, {4, "ftyp", missing_of_heif}};
    char head[12];
    if (scan->from)
        return missing_of_jpeg(fd, scan, reached);
    if (!file_read_at(fd, 0, head, sizeof head))
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (memcmp(head + rows[i].at, rows[i].mark, strlen(rows[i].mark)) == 0)
            return rows[i].missing(fd, lseek(fd, 0, SEEK_END));
    return NULL;
}
