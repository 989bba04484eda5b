/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a GIF: its XMP is a part of it. */
#include "bytes/gif_blocks.h"
#include "on_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) xmp = gif_xmp_read(on_file(data, size));
    gsize length = 0;
    const void *packet = xmp ? g_bytes_get_data(xmp, &length) : NULL;
    g_assert(!xmp || (length > 0 && memmem(data, size, packet, length)));
    return 0;
}
