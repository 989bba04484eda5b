/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as iXML: refused, or one in which nothing is wrong any more once it was edited. */
#include "sound/ixml.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A part of the programme at another rate; and the whole, of which only the numbers of its storage
 * change. */
static const struct ixml_facts part = {.rate = 44100,
                                       .bits = 16,
                                       .moved = true,
                                       .time_reference = UINT64_C(5000000000),
                                       .cut = 100,
                                       .ratio = 0.5},
                               whole = {.rate = 44100,
                                        .bits = 16,
                                        .ratio = 0.5,
                                        .same_channels = true,
                                        .same_sound = true};

static GBytes *edited(GBytes *text, const struct ixml_facts *facts)
{
    bool tracks;
    return ixml_edited(text, facts, &tracks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ixml_stamp reference;
    g_autoptr(GBytes) text = g_bytes_new(data, size);
    g_autoptr(GBytes) moved = edited(text, &part);
    g_autoptr(GBytes) stays = edited(text, &whole);
    ixml_time_reference(text, &reference);
    g_assert(!moved == !stays);
    if (!stays)
        return 0;
    g_autoptr(GBytes) again = edited(moved, &part);
    g_autoptr(GBytes) same = edited(stays, &whole);
    g_assert(again && same && g_bytes_equal(stays, same));
    return 0;
}
