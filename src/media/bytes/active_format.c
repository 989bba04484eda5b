/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking for an active format. */
#include "active_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Its identifier, the flag that there is one, and four ones before it. */
unsigned active_format_of_packet(const AVPacket *packet)
{
    static const uint8_t sign[] = {'D', 'T', 'G', '1', 0x41};
    enum { ONES = 0xf0, CODE = 0x0f };
    const uint8_t *at =
        packet->size > 0 ? memmem(packet->data, (size_t)packet->size, sign, sizeof sign) : NULL;
    const bool whole = at && packet->data + packet->size - at > (ptrdiff_t)sizeof sign;
    return whole && (at[sizeof sign] & ONES) == ONES ? at[sizeof sign] & CODE : 0;
}
