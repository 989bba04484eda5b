/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sizes of a TIFF's pages, each held against the first's. */
#include "still_pyramid.h"

#include "still_private.h"

#include <stdlib.h>

enum { LEVELS_MAX = 30, ROUNDED_MAX_PIXELS = 5 };

static bool is_level(int fd, int page, const VipsImage *first)
{
    int error = 0;
    g_autoptr(VipsSource) source = still_source(fd, &error);
    g_autoptr(VipsImage) level = vips_image_new_from_source(source, "", "page", page, NULL);
    if (!level)
        vips_error_clear();
    return level && abs(level->Xsize - (first->Xsize >> page)) <= ROUNDED_MAX_PIXELS &&
           abs(level->Ysize - (first->Ysize >> page)) <= ROUNDED_MAX_PIXELS;
}

bool still_is_pyramid(int fd, VipsImage *first)
{
    const char *loader = "";
    const int pages = vips_image_get_n_pages(first);
    bool may_be = pages > 1 && pages <= LEVELS_MAX &&
                  !vips_image_get_string(first, VIPS_META_LOADER, &loader) &&
                  g_str_has_prefix(loader, "tiffload");
    for (int page = 1; may_be && page < pages; page++)
        may_be = is_level(fd, page, first);
    return may_be;
}
