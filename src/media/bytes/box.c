/* SPDX-License-Identifier: GPL-3.0-or-later
 * Boxes of MOV and MP4. */
#include "box.h"

#include <string.h>
#include <unistd.h>

bool file_read_at(int fd, int64_t offset, void *out, size_t length)
{
    return pread(fd, out, length, offset) == (ssize_t)length;
}

uint64_t file_number(int fd, int64_t offset, unsigned bytes)
{
    uint8_t data[8] = {0};
    uint64_t value = 0;
    if (!file_read_at(fd, offset, data, bytes))
        return 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | data[i];
    return value;
}

bool box_read(int fd, int64_t from, int64_t end, struct box *box)
{
    guint32 head[2];
    guint64 size = 0;
    if (end - from < 8 || !file_read_at(fd, from, head, sizeof head))
        return false;
    box->start = from + 8;
    size = GUINT32_FROM_BE(head[0]);
    if (size == 1) {
        if (!file_read_at(fd, from + 8, &size, sizeof size))
            return false;
        size = GUINT64_FROM_BE(size);
        box->start += 8;
    }
    box->end = size == 0 ? end : from + (int64_t)MIN(size, (guint64)G_MAXINT64 / 2);
    memcpy(box->type, &head[1], 4);
    box->type[4] = '\0';
    return box->end >= box->start && box->end <= end;
}

bool box_find(int fd, int64_t from, int64_t end, const char *type, struct box *box)
{
    enum { BOXES_MAX = 10000 }; /* in one box; a movie has a handful */
    for (unsigned i = 0; i < BOXES_MAX && box_read(fd, from, end, box); i++, from = box->end)
        if (strcmp(box->type, type) == 0)
            return true;
    return false;
}

bool box_descend(int fd, struct box *box, const char *const *path)
{
    for (; *path; path++)
        if (!box_find(fd, box->start, box->end, *path, box))
            return false;
    return true;
}
