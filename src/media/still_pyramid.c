/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of a TIFF are marked as. */
#include "still_pyramid.h"

#include "still_private.h"

#include <string.h>
#include <unistd.h>

enum { LEVELS_MAX = 30, NEW_SUBFILE_TYPE = 254, SHORT = 3, REDUCED = 1 };

/* Of the classic form, or of BigTIFF, whose counts and offsets are wider. */
struct tiff {
    int fd;
    bool big_endian;
    unsigned count_bytes, offset_bytes, entry_bytes;
};

static bool number_at(const struct tiff *tiff, guint64 at, unsigned bytes, guint64 *number)
{
    guint8 data[8];
    if (at > (guint64)G_MAXINT64 - bytes ||
        pread(tiff->fd, data, bytes, (off_t)at) != (ssize_t)bytes)
        return false;
    *number = 0;
    for (unsigned i = 0; i < bytes; i++)
        *number = *number << 8 | data[tiff->big_endian ? i : bytes - 1 - i];
    return true;
}

static bool open_tiff(struct tiff *tiff, int fd, guint64 *first)
{
    char order[2];
    guint64 version;
    *tiff = (struct tiff){.fd = fd};
    if (pread(fd, order, sizeof order, 0) != sizeof order)
        return false;
    tiff->big_endian = memcmp(order, "MM", sizeof order) == 0;
    if (!number_at(tiff, 2, 2, &version))
        return false;
    const bool big = version == 43;
    tiff->count_bytes = big ? 8 : 2;
    tiff->offset_bytes = big ? 8 : 4;
    tiff->entry_bytes = big ? 20 : 12;
    return number_at(tiff, big ? 8 : 4, tiff->offset_bytes, first);
}

static bool is_reduced(const struct tiff *tiff, guint64 entries, guint64 count)
{
    guint64 tag = 0, type, value = 0;
    for (guint64 i = 0; i < count && tag < NEW_SUBFILE_TYPE; i++) {
        const guint64 at = entries + i * tiff->entry_bytes;
        if (!number_at(tiff, at, 2, &tag) || !number_at(tiff, at + 2, 2, &type) ||
            !number_at(tiff, at + 4 + tiff->offset_bytes, type == SHORT ? 2 : 4, &value))
            return false;
    }
    return tag == NEW_SUBFILE_TYPE && (value & REDUCED);
}

/* From one page to the next. */
static bool pass(const struct tiff *tiff, guint64 *page, bool *reduced)
{
    guint64 count;
    if (!number_at(tiff, *page, tiff->count_bytes, &count) || count > G_MAXUINT16)
        return false;
    const guint64 entries = *page + tiff->count_bytes;
    *reduced = is_reduced(tiff, entries, count);
    return number_at(tiff, entries + count * tiff->entry_bytes, tiff->offset_bytes, page);
}

bool still_is_pyramid(int fd, VipsImage *first)
{
    const char *loader = "";
    const int pages = vips_image_get_n_pages(first);
    struct tiff tiff;
    guint64 at;
    bool reduced;
    if (pages < 2 || pages > LEVELS_MAX ||
        vips_image_get_string(first, VIPS_META_LOADER, &loader) ||
        !g_str_has_prefix(loader, "tiffload") || !open_tiff(&tiff, fd, &at))
        return false;
    for (int page = 0; page < pages; page++)
        if (!pass(&tiff, &at, &reduced) || (page > 0 && !reduced))
            return false;
    return true;
}
