/* SPDX-License-Identifier: GPL-3.0-or-later
 * Boxes of MOV and MP4 (ISO/IEC 14496-12, 4.2) in a file, by their sizes and types. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct box {
    int64_t start, end; /* of its body */
    char type[5];
};

bool file_read_at(int fd, int64_t offset, void *out, size_t length);
/* Of so many bytes, at most 8, the first one the highest; 0 when they can't be read. */
uint64_t file_number(int fd, int64_t offset, unsigned bytes);
/* The box at `from`, which ends within `end`. */
bool box_read(int fd, int64_t from, int64_t end, struct box *box);
/* The first box of this type among those between `from` and `end`. */
bool box_find(int fd, int64_t from, int64_t end, const char *type, struct box *box);
/* Down from `box`, a type at a time; NULL ends the path. `box` is what was found last. */
bool box_descend(int fd, struct box *box, const char *const *path);
