/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blocks of GIF, one after the other. */
#include "gif_blocks.h"

#include <string.h>
#include <unistd.h>

enum {
    HEADER = 13,
    IMAGE_HEAD = 10,
    EXTENSION = 0x21,
    APPLICATION = 0xff,
    IMAGE = 0x2c,
    TRAILER = 0x3b,
    NAME = 11,
    BLOCKS_MAX = 1 << 20,
    XMP_MAX = 16 << 20,
};

enum ends { ENDS_WELL, ENDS_CUT, ENDS_UNKNOWN };

struct gif {
    int fd;
    off_t at;
    GBytes **xmp; /* wanted, and then nothing behind it; or NULL */
};

static bool get(struct gif *gif, guint8 *out, gsize size)
{
    const bool got = pread(gif->fd, out, size, gif->at) == (ssize_t)size;
    gif->at += (off_t)size;
    return got;
}

static gsize colors_size(guint8 flags)
{
    return flags & 0x80 ? (gsize)3 << ((flags & 7) + 1) : 0;
}

static bool skip_blocks(struct gif *gif)
{
    guint8 size = 1;
    for (unsigned i = 0; i < BLOCKS_MAX && size > 0; i++) {
        if (!get(gif, &size, 1))
            return false;
        gif->at += size;
    }
    return size == 0;
}

/* From the name's end to where only the first of the magic bytes is followed by the others. */
static GBytes *packet(const struct gif *gif)
{
    static const guint8 magic[] = {1, 0xff, 0xfe, 0xfd, 0xfc};
    const off_t left = lseek(gif->fd, 0, SEEK_END) - gif->at;
    const gsize size = (gsize)CLAMP(left, 0, XMP_MAX);
    g_autofree guint8 *data = g_malloc(size + 1);
    if (pread(gif->fd, data, size, gif->at) != (ssize_t)size)
        return NULL;
    const guint8 *end = memmem(data, size, magic, sizeof magic);
    return end && end > data ? g_bytes_new(data, (gsize)(end - data)) : NULL;
}

/* At its name. */
static void look_for_xmp(struct gif *gif)
{
    const off_t at = gif->at;
    guint8 name[1 + NAME];
    const bool named = gif->xmp && get(gif, name, sizeof name) && name[0] == NAME &&
                       memcmp(name + 1, "XMP DataXMP", NAME) == 0;
    if (named)
        *gif->xmp = packet(gif);
    gif->at = at;
}

static enum ends walk(struct gif *gif)
{
    guint8 head[HEADER];
    if (!get(gif, head, HEADER) || memcmp(head, "GIF8", 4) != 0)
        return ENDS_UNKNOWN;
    gif->at += (off_t)colors_size(head[10]);
    for (unsigned i = 0; i < BLOCKS_MAX && !(gif->xmp && *gif->xmp); i++) {
        if (!get(gif, head, 1))
            return ENDS_CUT;
        if (head[0] == TRAILER)
            return ENDS_WELL;
        if (head[0] != IMAGE && head[0] != EXTENSION)
            return ENDS_UNKNOWN;
        if (!get(gif, head + 1, head[0] == IMAGE ? IMAGE_HEAD - 1 : 1))
            return ENDS_CUT;
        if (head[0] == IMAGE)
            gif->at += (off_t)colors_size(head[9]) + 1;
        else if (head[1] == APPLICATION)
            look_for_xmp(gif);
        if (!skip_blocks(gif))
            return ENDS_CUT;
    }
    return ENDS_UNKNOWN;
}

GBytes *gif_xmp_read(int fd)
{
    GBytes *xmp = NULL;
    walk(&(struct gif){.fd = fd, .xmp = &xmp});
    return xmp;
}

bool gif_is_cut(int fd)
{
    return walk(&(struct gif){.fd = fd}) == ENDS_CUT;
}
