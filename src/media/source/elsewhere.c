/* SPDX-License-Identifier: GPL-3.0-or-later
 * Movies that only refer to their media (ISO/IEC 14496-12, 8.7.2). libav doesn't follow such a
 * reference, but it reads the sample table's offsets in the movie itself: whatever stands there
 * would be taken for picture and sound. */
#include "../bytes/box.h"
#include "source.h"

#include <string.h>

static bool is_picture_or_sound(int fd, const struct box *media)
{
    struct box handler;
    char type[4];
    return box_find(fd, media->start, media->end, "hdlr", &handler) &&
           file_read_at(fd, handler.start + 8, type, sizeof type) &&
           (memcmp(type, "vide", 4) == 0 || memcmp(type, "soun", 4) == 0);
}

/* Each entry of its data references says where, and none of them that it is here. */
static bool refers(int fd, const struct box *media)
{
    enum { HEAD = 8, HERE = 1 };
    struct box box = *media, entry;
    static const char *const path[] = {"minf", "dinf", "dref", NULL};
    if (!box_descend(fd, &box, path))
        return false;
    bool found = false;
    for (int64_t at = box.start + HEAD; box_read(fd, at, box.end, &entry); at = entry.end) {
        guint32 flags;
        if (!file_read_at(fd, entry.start, &flags, sizeof flags) || entry.end - entry.start <= 4 ||
            (GUINT32_FROM_BE(flags) & HERE))
            return false;
        found = true;
    }
    return found;
}

bool mov_data_elsewhere(int fd, int64_t size)
{
    struct box movie, track, media;
    if (!box_find(fd, 0, size, "moov", &movie))
        return false;
    for (int64_t at = movie.start; box_find(fd, at, movie.end, "trak", &track); at = track.end)
        if (box_find(fd, track.start, track.end, "mdia", &media) &&
            is_picture_or_sound(fd, &media) && refers(fd, &media))
            return true;
    return false;
}
