/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills whose end isn't there. */
#include "whole.h"

#include "../bytes/box.h"
#include "../bytes/gif_blocks.h"
#include "../bytes/zeros.h"
#include "heif.h"
#include "jpeg_planes.h"
#include "png_chunks.h"
#include "tiff_whole.h"
#include "webp_whole.h"

#include <string.h>
#include <unistd.h>

/* Of coded data that has no such run. */
static char *hole(int fd, int64_t from, int64_t end)
{
    int64_t at = 0;
    const int64_t zeros = zeros_find(fd, from, end, &at);
    return zeros ? zeros_hole_text(zeros, at) : NULL;
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
    enum { END_LEAST = 1024 };
    const int64_t left = scan->end - reached;
    if (!scan->whole) {
        const int64_t zeros = zeros_at_end(fd, scan->from, lseek(fd, 0, SEEK_END));
        return zeros >= END_LEAST ? zeros_end_text(zeros) : g_strdup("it has no end mark (EOI)");
    }
    if (scan->zeros && !may_be_filling(scan, reached))
        return zeros_hole_text(scan->zeros, scan->zeros_at);
    if (left <= JPEG_LEFT_MOST || is_filling(fd, reached, scan->end))
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " bytes or more of its coded picture are left over "
                           "behind the last pixel: some before them are lost or changed",
                           left);
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

static char *missing_of_gif(int fd, int64_t end)
{
    return gif_is_cut(fd) ? g_strdup("it has no end mark (its trailer)") : NULL;
}

static char *missing_of_png(int fd, int64_t end)
{
    return png_is_cut(fd) ? g_strdup("it has no end mark (IEND)") : NULL;
}

char *still_lost(int fd, const char *words)
{
    char *loss = *words ? jpeg_loss(fd) : NULL;
    return loss || !jpeg_words_tell_loss(words) ? loss : g_strdup(words);
}

char *still_missing(int fd, const struct jpeg_scan *scan, int64_t reached)
{
    static const struct {
        unsigned at;
        const char *mark;
        char *(*missing)(int fd, int64_t end);
    } rows[] = {{8, "WEBP", webp_missing},   {4, "ftyp", missing_of_heif},
                {0, "GIF8", missing_of_gif}, {0, "\x89PNG", missing_of_png},
                {0, "II", tiff_missing},     {0, "MM", tiff_missing}};
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
