/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed captions as SEI of HEVC. */
#include "caption_sei.h"

#include "nal.h"

#include <glib.h>
#include <string.h>

enum { SLICE_LAST = 31, PREFIX_SEI = 39, REGISTERED = 4, STOP_BIT = 0x80 };
enum { TRIPLETS_MOST = 31, PROCESS = 0xc0, ONES = 0xff };

/* United States, ATSC, its user_identifier, and the type of cc_data(). */
static const uint8_t signature[] = {0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 3};

static void put(GByteArray *to, uint8_t byte)
{
    g_byte_array_append(to, &byte, 1);
}

static GByteArray *message(const uint8_t *triplets, size_t size)
{
    const size_t count = MIN(size / 3, TRIPLETS_MOST),
                 payload = sizeof signature + 2 + 3 * count + 1;
    GByteArray *sei = g_byte_array_new();
    put(sei, REGISTERED);
    put(sei, (uint8_t)payload);
    g_byte_array_append(sei, signature, sizeof signature);
    put(sei, (uint8_t)(PROCESS | count));
    put(sei, ONES);
    g_byte_array_append(sei, triplets, (guint)(3 * count));
    put(sei, ONES);
    put(sei, STOP_BIT);
    return sei;
}

/* What would look like a start code has a 3 in it (7.4.2). */
static void append_escaped(GByteArray *unit, const GByteArray *bytes)
{
    unsigned zeros = 0;
    for (guint i = 0; i < bytes->len; i++) {
        if (zeros >= 2 && bytes->data[i] <= 3) {
            put(unit, 3);
            zeros = 0;
        }
        put(unit, bytes->data[i]);
        zeros = bytes->data[i] ? 0 : zeros + 1;
    }
}

static void append_prefix(GByteArray *to, int length_bytes, guint size)
{
    static const uint8_t start_code[] = {0, 0, 0, 1};
    if (!length_bytes)
        g_byte_array_append(to, start_code, sizeof start_code);
    for (int i = length_bytes; i-- > 0;)
        put(to, (uint8_t)(size >> 8 * i));
}

/* Of the layer and the sub-layer of the slice that it is for. */
static GByteArray *unit_for(const struct nal *slice, int length_bytes, const uint8_t *triplets,
                            size_t size)
{
    g_autoptr(GByteArray) sei = message(triplets, size), unit = g_byte_array_new();
    put(unit, (uint8_t)(PREFIX_SEI << 1 | (slice->data[0] & 1)));
    put(unit, slice->data[1]);
    append_escaped(unit, sei);
    GByteArray *whole = g_byte_array_new();
    append_prefix(whole, length_bytes, unit->len);
    g_byte_array_append(whole, unit->data, unit->len);
    return whole;
}

static bool find_slice(const AVPacket *packet, int length_bytes, struct nal *slice)
{
    struct nals nals = {packet->data, packet->data + packet->size, length_bytes};
    while (nal_next(&nals, slice))
        if (slice->size > 2 && (slice->data[0] >> 1 & 0x3f) <= SLICE_LAST)
            return true;
    return false;
}

/* Where the slice's own prefix begins; a start code may have a zero more. */
static size_t place_of(const AVPacket *packet, const struct nal *slice, int length_bytes)
{
    const uint8_t *at = slice->data - (length_bytes ? length_bytes : 3);
    if (!length_bytes && at > packet->data && at[-1] == 0)
        at--;
    return (size_t)(at - packet->data);
}

bool caption_sei_insert(AVPacket *packet, int length_bytes, const uint8_t *triplets, size_t size)
{
    struct nal slice;
    if (!find_slice(packet, length_bytes, &slice))
        return true;
    g_autoptr(GByteArray) unit = unit_for(&slice, length_bytes, triplets, size);
    const size_t at = place_of(packet, &slice, length_bytes), rest = (size_t)packet->size - at;
    if (av_grow_packet(packet, (int)unit->len) < 0)
        return false;
    memmove(packet->data + at + unit->len, packet->data + at, rest);
    memcpy(packet->data + at, unit->data, unit->len);
    return true;
}
