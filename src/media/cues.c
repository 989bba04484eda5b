/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cue points and their labels. */
#include "cues.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { POINT = 24, COUNT = 4, POSITION_AT = 4, FOURCC_AT = 8, SAMPLE_AT = 20, ID = 4, HEAD = 8 };

static uint32_t get32(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static void add_label(GByteArray *labels, uint32_t id, const char *name)
{
    uint8_t head[HEAD + ID] = {'l', 'a', 'b', 'l'};
    guint length = (guint)strlen(name) + 1;
    put32(head + 4, ID + length);
    put32(head + HEAD, id);
    if (!labels->len)
        g_byte_array_append(labels, (const uint8_t *)"adtl", 4);
    g_byte_array_append(labels, head, sizeof head);
    g_byte_array_append(labels, (const uint8_t *)name, length);
    g_byte_array_append(labels, (const uint8_t *)"", length & 1);
}

void cue_add(GByteArray *cues, GByteArray *labels, uint32_t position, const char *name)
{
    uint8_t point[POINT] = {0};
    if (!cues->len)
        g_byte_array_append(cues, (const uint8_t[COUNT]){0}, COUNT);
    uint32_t id = get32(cues->data) + 1;
    put32(cues->data, id);
    put32(point, id);
    put32(point + POSITION_AT, position);
    memcpy(point + FOURCC_AT, "data", 4);
    put32(point + SAMPLE_AT, position);
    g_byte_array_append(cues, point, POINT);
    if (*name)
        add_label(labels, id, name);
}

/* False for a point that isn't in the output. */
static bool move_point(uint8_t *point, const struct cue_move *move)
{
    double at = rint((get32(point + SAMPLE_AT) - move->cut) * move->ratio);
    if (at < 0 || at >= (double)move->frames || at > UINT32_MAX)
        return false;
    put32(point + POSITION_AT, (uint32_t)at);
    put32(point + SAMPLE_AT, (uint32_t)at);
    return true;
}

GBytes *cues_moved(GBytes *chunk, const struct cue_move *move, GArray *gone)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(chunk, &length);
    uint32_t count = length >= COUNT ? get32(data) : 0, kept = 0;
    g_autoptr(GByteArray) moved = g_byte_array_new();
    g_byte_array_append(moved, (const uint8_t[COUNT]){0}, COUNT);
    for (uint32_t i = 0; i < count && COUNT + (gsize)(i + 1) * POINT <= length; i++) {
        uint8_t point[POINT];
        memcpy(point, data + COUNT + (gsize)i * POINT, POINT);
        uint32_t id = get32(point);
        if (!move_point(point, move)) {
            g_array_append_val(gone, id);
            continue;
        }
        g_byte_array_append(moved, point, POINT);
        kept++;
    }
    put32(moved->data, kept);
    return kept ? g_byte_array_free_to_bytes(g_steal_pointer(&moved)) : NULL;
}

static bool has(const GArray *ids, uint32_t id)
{
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, uint32_t, i) == id)
            return true;
    return false;
}

GBytes *cue_labels_kept(GBytes *chunk, const struct cue_move *move, const GArray *gone)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(chunk, &length);
    g_autoptr(GByteArray) kept = g_byte_array_new();
    g_byte_array_append(kept, (const uint8_t *)"adtl", 4);
    for (gsize at = 4; at + HEAD + ID <= length;) {
        gsize size = get32(data + at + 4), whole = HEAD + size + (size & 1);
        if (size < ID || size > length - at - HEAD)
            break;
        if (!has(gone, get32(data + at + HEAD))) {
            guint start = kept->len;
            g_byte_array_append(kept, data + at, (guint)MIN(whole, length - at));
            if (memcmp(data + at, "ltxt", 4) == 0 && size >= 8) {
                uint8_t *lasts = kept->data + start + HEAD + ID;
                put32(lasts, (uint32_t)fmin(rint(get32(lasts) * move->ratio), UINT32_MAX));
            }
            if (kept->len & 1)
                g_byte_array_append(kept, (const uint8_t *)"", 1);
        }
        at += whole;
    }
    return kept->len > 4 ? g_byte_array_free_to_bytes(g_steal_pointer(&kept)) : NULL;
}
