/* SPDX-License-Identifier: GPL-3.0-or-later
 * Metadata blocks of FLAC files: a byte of the type, whose highest bit is that of the last one, and
 * a length of three, the highest first. */
#include "flac_blocks.h"

#include "../bytes/little.h"

#include <string.h>
#include <unistd.h>

enum { HEAD = 4, LAST = 0x80, BLOCKS_MAX = 128 };

bool flac_block_find(int fd, enum flac_block type, int64_t *at, size_t *length)
{
    uint8_t head[HEAD];
    if (pread(fd, head, HEAD, 0) != HEAD || memcmp(head, "fLaC", HEAD) != 0)
        return false;
    *at = HEAD;
    for (unsigned i = 0; i < BLOCKS_MAX && pread(fd, head, HEAD, *at) == HEAD; i++) {
        *length = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        *at += HEAD;
        if ((head[0] & ~LAST) == type)
            return true;
        if (head[0] & LAST)
            return false;
        *at += (int64_t)*length;
    }
    return false;
}

GBytes *flac_block_load(int fd, enum flac_block type)
{
    int64_t at;
    size_t length;
    if (!flac_block_find(fd, type, &at, &length))
        return NULL;
    g_autofree uint8_t *block = g_malloc(length + 1);
    if (pread(fd, block, length, at) != (ssize_t)length)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&block), length);
}

void flac_block_add(GByteArray *to, enum flac_block type, bool last, const void *data,
                    size_t length)
{
    const uint8_t head[HEAD] = {(uint8_t)(type | (last ? LAST : 0)), (uint8_t)(length >> 16),
                                (uint8_t)(length >> 8), (uint8_t)length};
    g_byte_array_append(to, head, HEAD);
    g_byte_array_append(to, data, (guint)length);
}
