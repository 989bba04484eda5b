/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .edl file. */
#include "on_cdl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_cdls("fuzz.edl", data, size);
    return 0;
}
