/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a TIFF: its EXIF is a TIFF that says the same, and can be put into one. */
#include "on_file.h"
#include "still/tiff_tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 bare[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct failure failure = {0};
    bool maker_note = false, none = false;
    GBytes *exif = tiff_exif_read(on_file(data, size), &maker_note);
    if (!exif)
        return 0;
    gsize length;
    const guint8 *bytes = g_bytes_get_data(exif, &length);
    g_autoptr(GBytes) again = tiff_exif_read(on_file(bytes, length), &none);
    g_assert(again && g_bytes_equal(exif, again) && !none);
    int fd = on_file(bare, sizeof bare);
    g_assert(tiff_add(fd, &(struct tiff_blocks){.exif = exif}, &failure));
    g_autoptr(GBytes) back = tiff_exif_read(fd, &none);
    g_assert(back && g_bytes_equal(exif, back));
    g_bytes_unref(exif);
    return 0;
}
