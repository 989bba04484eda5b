/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a JPEG: what its segments hold of Photoshop's is there again when it is put into a
 * file. */
#include "bytes/jpeg_segments.h"
#include "on_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 bare[] = {0xff, 0xd8, 0xff, 0xda, 0, 2};
    g_autoptr(GBytes) resources = jpeg_resources_read(on_file(data, size));
    if (!resources)
        return 0;
    int fd = on_file(bare, sizeof bare);
    g_assert(jpeg_add_resources(fd, resources));
    g_autoptr(GBytes) again = jpeg_resources_read(fd); /* of two segments or more */
    g_assert(!again || g_bytes_equal(again, resources));
    return 0;
}
