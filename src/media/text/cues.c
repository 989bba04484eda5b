/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cue points and their labels. */
#include "cues.h"

#include "../bytes/little.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { POINT = 24, COUNT = 4, POSITION_AT = 4, FOURCC_AT = 8, SAMPLE_AT = 20, ID = 4, HEAD = 8 };

static void add_label(GByteArray *labels, uint32_t id, const char *name)
{
    uint8_t head[HEAD + ID] = {'l', 'a', 'b', 'l'};
    guint length = (guint)strlen(name) + 1;
    little_put(head + 4, ID + length, 4);
    little_put(head + HEAD, id, 4);
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
    uint32_t id = (uint32_t)little_get(cues->data, 4) + 1;
    little_put(cues->data, id, 4);
    little_put(point, id, 4);
    little_put(point + POSITION_AT, position, 4);
    memcpy(point + FOURCC_AT, "data", 4);
    little_put(point + SAMPLE_AT, position, 4);
    g_byte_array_append(cues, point, POINT);
    if (*name)
        add_label(labels, id, name);
}

/* False for a point that isn't in the output. */
static bool move_point(uint8_t *point, const struct cue_move *move)
{
    double at = rint(((uint32_t)little_get(point + SAMPLE_AT, 4) - move->cut) * move->ratio);
    if (at < 0 || at >= (double)move->frames || at > UINT32_MAX)
        return false;
    little_put(point + POSITION_AT, (uint32_t)at, 4);
    little_put(point + SAMPLE_AT, (uint32_t)at, 4);
    return true;
}

GBytes *cues_moved(GBytes *chunk, const struct cue_move *move, GArray *gone)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(chunk, &length);
    uint32_t count = length >= COUNT ? (uint32_t)little_get(data, 4) : 0, kept = 0;
    g_autoptr(GByteArray) moved = g_byte_array_new();
    g_byte_array_append(moved, (const uint8_t[COUNT]){0}, COUNT);
    for (uint32_t i = 0; i < count && COUNT + (gsize)(i + 1) * POINT <= length; i++) {
        uint8_t point[POINT];
        memcpy(point, data + COUNT + (gsize)i * POINT, POINT);
        uint32_t id = (uint32_t)little_get(point, 4);
        if (!move_point(point, move)) {
            g_array_append_val(gone, id);
            continue;
        }
        g_byte_array_append(moved, point, POINT);
        kept++;
    }
    little_put(moved->data, kept, 4);
    return kept ? g_byte_array_free_to_bytes(g_steal_pointer(&moved)) : NULL;
}

static int compare(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

/* A file may have as many as it likes, so they are looked up in order. */
static GArray *sorted(const GArray *ids)
{
    GArray *copy = g_array_copy((GArray *)ids);
    g_array_sort(copy, compare);
    return copy;
}

GBytes *cue_labels_kept(GBytes *chunk, const struct cue_move *move, const GArray *gone)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(chunk, &length);
    g_autoptr(GArray) outside = sorted(gone);
    g_autoptr(GByteArray) kept = g_byte_array_new();
    g_byte_array_append(kept, (const uint8_t *)"adtl", 4);
    for (gsize at = 4; at + HEAD + ID <= length;) {
        gsize size = (uint32_t)little_get(data + at + 4, 4), whole = HEAD + size + (size & 1);
        if (size < ID || size > length - at - HEAD)
            break;
        uint32_t id = (uint32_t)little_get(data + at + HEAD, 4);
        if (!g_array_binary_search(outside, &id, compare, NULL)) {
            guint start = kept->len;
            g_byte_array_append(kept, data + at, (guint)MIN(whole, length - at));
            if (memcmp(data + at, "ltxt", 4) == 0 && size >= 8) {
                uint8_t *lasts = kept->data + start + HEAD + ID;
                little_put(
                    lasts,
                    (uint32_t)fmin(rint((uint32_t)little_get(lasts, 4) * move->ratio), UINT32_MAX),
                    4);
            }
            if (kept->len & 1)
                g_byte_array_append(kept, (const uint8_t *)"", 1);
        }
        at += whole;
    }
    return kept->len > 4 ? g_byte_array_free_to_bytes(g_steal_pointer(&kept)) : NULL;
}
