/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a HEIF: what its boxes say are codes and a depth, and their profile can be made. */
#include "on_file.h"
#include "still/heif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct still_coding coding = {0};
    int depth = 0;
    heif_read(on_file(data, size), &coding, &depth);
    g_assert(depth >= 0 && depth <= 255 && coding.primaries <= 65535);
    GBytes *profile = coding_profile(&coding, false);
    g_assert(!profile || !coding_hdr(&coding));
    if (profile)
        g_bytes_unref(profile);
    return 0;
}
