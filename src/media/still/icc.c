/* SPDX-License-Identifier: GPL-3.0-or-later
 * ICC.1:2010 and ICC.1:2001-04: a header of 128 bytes, a tag count, rows of signature, offset and
 * size. The description is ASCII ('desc', version 2) or UTF-16 by language ('mluc', version 4). */
#include "icc.h"

#include <string.h>

static guint32 big32(const guint8 *p)
{
    return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static char *text_of(const guint8 *tag, gsize size)
{
    if (size > 12 && memcmp(tag, "desc", 4) == 0)
        return g_strndup((const char *)tag + 12, MIN(big32(tag + 8), size - 12));
    if (size < 28 || memcmp(tag, "mluc", 4) != 0 || big32(tag + 8) == 0)
        return NULL;
    gsize length = big32(tag + 20), offset = big32(tag + 24);
    if (offset > size || length > size - offset)
        return NULL;
    return g_convert((const char *)tag + offset, (gssize)length, "UTF-8", "UTF-16BE", NULL, NULL,
                     NULL);
}

char *icc_description(const guint8 *profile, gsize length)
{
    if (length < 132)
        return NULL;
    guint32 count = big32(profile + 128);
    for (guint32 i = 0; i < count && 132 + 12 * ((gsize)i + 1) <= length; i++) {
        const guint8 *row = profile + 132 + 12 * (gsize)i;
        gsize offset = big32(row + 4), size = big32(row + 8);
        if (memcmp(row, "desc", 4) != 0 || offset > length || size > length - offset)
            continue;
        g_autofree char *text = text_of(profile + offset, size);
        return text && *text ? g_utf8_make_valid(text, -1) : NULL;
    }
    return NULL;
}
