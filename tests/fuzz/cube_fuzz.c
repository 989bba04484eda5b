/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a .cube file. */
#include "color/cube.h"
#include "on_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_look(cube_read, "fuzz.cube", data, size);
}
