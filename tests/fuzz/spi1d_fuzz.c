/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .spi1d file. */
#include "color/look_formats.h"
#include "on_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_look(spi1d_read, "fuzz.spi1d", data, size);
}
