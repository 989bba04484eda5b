/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags of FLV, from the last one back. */
#include "flv_tags.h"

#include "box.h"

enum { HEADER = 9, BACK = 4, HEAD = 11, PICTURE = 9, TYPE = 0x1f };
enum { TAGS_MOST = 1 << 17 }; /* 50 minutes of sound */

/* Where the tag begins that ends at `end`, before its own length is told; -1: none does. */
static int64_t tag_before(int fd, int64_t end)
{
    const int64_t length = (int64_t)file_number(fd, end, BACK), at = end - length;
    return length >= HEAD && at >= HEADER + BACK &&
                   (int64_t)file_number(fd, at + 1, 3) == length - HEAD
               ? at
               : -1;
}

int64_t flv_last_pictures(int fd, int64_t size, int pictures)
{
    int64_t at = size;
    int tags = 0;
    for (int found = 0; found < pictures && at > HEADER + BACK;) {
        if (tags++ == TAGS_MOST)
            return -1;
        at = tag_before(fd, at - BACK);
        if (at < 0)
            return -1;
        found += (file_number(fd, at, 1) & TYPE) == PICTURE;
    }
    return at;
}
