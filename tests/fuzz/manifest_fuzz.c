/* SPDX-License-Identifier: GPL-3.0-or-later
 * ASC MHL manifests: what is read from anything is written and read back. */
#include "seal/manifest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(manifest_ptr) manifest = manifest_from_text((const char *)data, size, NULL);
    if (!manifest)
        return 0;
    g_autofree char *text = manifest_to_text(manifest);
    g_auto(manifest_ptr) again = manifest_from_text(text, strlen(text), NULL);
    g_assert_nonnull(again);
    g_assert_cmpuint(again->records->len, ==, manifest->records->len);
    return 0;
}
