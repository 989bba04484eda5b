/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands for the size of a WAVE file's samples where its writer couldn't go back to tell it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All ones, and in SoX's files its MS_UNSPEC. */
static inline bool wave_size_is_untold(uint64_t size)
{
    return size == UINT32_MAX || size == UINT64_MAX || size == 0x7ffff000;
}
