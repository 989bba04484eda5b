/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .clf file. */
#include "color/look_formats.h"
#include "on_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_look(clf_read, "fuzz.clf", data, size);
}
