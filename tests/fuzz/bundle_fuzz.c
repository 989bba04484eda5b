/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a bundle: what is opened has plain names, each once, and files within it. */
#include "base/bundle.h"

#include "on_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = on_file(data, size);
    g_auto(bundle_ptr) bundle = bundle_open(fd, NULL);
    for (guint i = 0; bundle && i < bundle->files->len; i++) {
        const struct bundle_file *file = &g_array_index(bundle->files, struct bundle_file, i);
        g_assert(file->name[0] && file->name[0] != '.' && !strchr(file->name, '/'));
        g_assert(file->offset >= BUNDLE_MAGIC && file->length >= 0);
        g_assert((uint64_t)file->offset + (uint64_t)file->length <= size);
    }
    return 0;
}
