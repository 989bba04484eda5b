/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .ale file. */
#include "on_cdl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_cdls("fuzz.ale", data, size);
    return 0;
}
