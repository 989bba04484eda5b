/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as EXIF: not understood, or edited so that the texts are read back as they were set. */
#include "still/tags/exif.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct exif_edit edits[] = {
        {EXIF_COPYRIGHT, ""}, {EXIF_ARTIST, "A. Person"}, {EXIF_DOCUMENT_NAME, NULL}};
    g_autoptr(GBytes) exif = g_bytes_new(data, size);
    g_autofree char *zone = exif_text(exif, EXIF_OFFSET_TIME_ORIGINAL);
    g_assert(!zone || *zone);
    g_autoptr(GBytes) plain = exif_edited(exif, NULL, 0, 16, 16, true);
    g_autoptr(GBytes) edited = exif_edited(exif, edits, G_N_ELEMENTS(edits), 16, 16, false);
    g_assert(!plain == !edited);
    if (!edited)
        return 0;
    g_autofree char *artist = exif_text(edited, EXIF_ARTIST);
    g_autofree char *rights = exif_text(edited, EXIF_COPYRIGHT);
    g_assert(g_strcmp0(artist, "A. Person") == 0 && !rights);
    return 0;
}
