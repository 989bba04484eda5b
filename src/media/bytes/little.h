/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers as RIFF has them: the lowest byte first, up to eight of them. */
#pragma once

#include <stdint.h>

static inline uint64_t little_get(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | from[i];
    return value;
}

static inline void little_put(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}
