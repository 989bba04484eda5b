/* SPDX-License-Identifier: GPL-3.0-or-later
 * Movies that only refer to their media (ISO/IEC 14496-12, 8.7.2). libav doesn't follow such a
 * reference, but it reads the sample table's offsets in the movie itself: whatever stands there
 * would be taken for picture and sound. */
#include "source.h"

#include <string.h>
#include <unistd.h>

struct box {
    int64_t start, end; /* of its body */
    char type[5];
};

static bool read_at(int fd, int64_t offset, void *out, size_t length)
{
    return pread(fd, out, length, offset) == (ssize_t)length;
}

/* The box at `from`, which ends within `end`. */
static bool read_box(int fd, int64_t from, int64_t end, struct box *box)
{
    guint32 head[2];
    guint64 size = 0;
    if (end - from < 8 || !read_at(fd, from, head, sizeof head))
        return false;
    box->start = from + 8;
    size = GUINT32_FROM_BE(head[0]);
    if (size == 1) {
        if (!read_at(fd, from + 8, &size, sizeof size))
            return false;
        size = GUINT64_FROM_BE(size);
        box->start += 8;
    }
    box->end = size == 0 ? end : from + (int64_t)MIN(size, (guint64)G_MAXINT64 / 2);
    memcpy(box->type, &head[1], 4);
    box->type[4] = '\0';
    return box->end >= box->start && box->end <= end;
}

/* The first box of this type among those between `from` and `end`. */
static bool find_box(int fd, int64_t from, int64_t end, const char *type, struct box *box)
{
    enum { BOXES_MAX = 10000 }; /* in one box; a movie has a handful */
    for (unsigned i = 0; i < BOXES_MAX && read_box(fd, from, end, box); i++, from = box->end)
        if (strcmp(box->type, type) == 0)
            return true;
    return false;
}

static bool is_picture_or_sound(int fd, const struct box *media)
{
    struct box handler;
    char type[4];
    return find_box(fd, media->start, media->end, "hdlr", &handler) &&
           read_at(fd, handler.start + 8, type, sizeof type) &&
           (memcmp(type, "vide", 4) == 0 || memcmp(type, "soun", 4) == 0);
}

/* Each entry of its data references says where, and none of them that it is here. */
static bool refers(int fd, const struct box *media)
{
    enum { HEAD = 8, HERE = 1 };
    struct box box = *media, entry;
    static const char *const path[] = {"minf", "dinf", "dref"};
    for (unsigned i = 0; i < G_N_ELEMENTS(path); i++)
        if (!find_box(fd, box.start, box.end, path[i], &box))
            return false;
    bool found = false;
    for (int64_t at = box.start + HEAD; read_box(fd, at, box.end, &entry); at = entry.end) {
        guint32 flags;
        if (!read_at(fd, entry.start, &flags, sizeof flags) || entry.end - entry.start <= 4 ||
            (GUINT32_FROM_BE(flags) & HERE))
            return false;
        found = true;
    }
    return found;
}

bool mov_data_elsewhere(int fd, int64_t size)
{
    struct box movie, track, media;
    if (!find_box(fd, 0, size, "moov", &movie))
        return false;
    for (int64_t at = movie.start; find_box(fd, at, movie.end, "trak", &track); at = track.end)
        if (find_box(fd, track.start, track.end, "mdia", &media) &&
            is_picture_or_sound(fd, &media) && refers(fd, &media))
            return true;
    return false;
}
