/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of a TIFF are marked as. */
#include "pyramid.h"

#include "../bytes/tiff_ifd.h"
#include "private.h"

enum { LEVELS_MAX = 30, NEW_SUBFILE_TYPE = 254, REDUCED = 1 };

/* From one page to the next. */
static bool pass(const struct tiff *tiff, guint64 *page, bool *reduced)
{
    guint64 link, kind = 0;
    g_autoptr(GArray) entries = tiff_entries(tiff, *page, &link);
    const struct tiff_entry *entry = tiff_find(entries, NEW_SUBFILE_TYPE);
    *reduced = entry && tiff_value(tiff, entry, &kind) && (kind & REDUCED);
    return tiff_number(tiff, link, tiff_word(tiff->wide), page);
}

bool still_is_pyramid(int fd, VipsImage *first)
{
    const char *loader = "";
    const int pages = vips_image_get_n_pages(first);
    struct tiff tiff = {.fd = fd};
    bool reduced;
    if (pages < 2 || pages > LEVELS_MAX ||
        vips_image_get_string(first, VIPS_META_LOADER, &loader) ||
        !g_str_has_prefix(loader, "tiffload") || !tiff_open(&tiff))
        return false;
    guint64 at = tiff.first;
    for (int page = 0; page < pages; page++)
        if (!pass(&tiff, &at, &reduced) || (page > 0 && !reduced))
            return false;
    return true;
}
