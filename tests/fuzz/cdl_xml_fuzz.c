/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .cdl file. */
#include "on_cdl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_cdls("fuzz.cdl", data, size);
    return 0;
}
