/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colours of a picture, counted. */
#include "write_private.h"

/* What is clear is one colour, whatever it is. */
static void add_row(GHashTable *set, const guint8 *at, int width, int bands)
{
    for (int x = 0; x < width; x++, at += bands) {
        const guint32 colour = bands == 4 && at[3] == 0
                                   ? 1u << 24
                                   : (guint32)at[0] << 16 | (guint32)at[1] << 8 | at[2];
        g_hash_table_add(set, GUINT_TO_POINTER(colour));
    }
}

bool has_colours_beyond(VipsImage *image, int top, int height, unsigned most)
{
    VipsRegion *region = vips_region_new(image);
    g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
    for (int y = top; y < top + height && g_hash_table_size(set) <= most; y++) {
        const VipsRect row = {0, y, image->Xsize, 1};
        if (vips_region_prepare(region, &row))
            break;
        add_row(set, VIPS_REGION_ADDR(region, 0, y), image->Xsize, image->Bands);
    }
    g_object_unref(region);
    return g_hash_table_size(set) > most;
}
