/* SPDX-License-Identifier: GPL-3.0-or-later
 * LIST INFO. */
#include "wave_info.h"

#include <string.h>

enum { HEAD = 8 };

static const struct {
    const char *id, *key, *else_key; /* films have their date under another name */
} rows[] = {
    {"INAM", "title", NULL},   {"IART", "artist", NULL},    {"IPRD", "album", NULL},
    {"ICMT", "comment", NULL}, {"ICOP", "copyright", NULL}, {"ICRD", "date", "creation_time"},
    {"IGNR", "genre", NULL},   {"ITRK", "track", NULL},
};

static gsize get32(const uint8_t *from)
{
    return from[0] | (gsize)from[1] << 8 | (gsize)from[2] << 16 | (gsize)from[3] << 24;
}

static bool is_ours(const uint8_t *id)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (memcmp(rows[i].id, id, 4) == 0)
            return true;
    return false;
}

bool wave_info_holds(const char *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return true;
    return false;
}

/* With its NUL, and a second one where the length would be odd. */
static void add_text(GByteArray *list, const char *id, const char *text)
{
    gsize length = strlen(text) + 1;
    const uint8_t size[4] = {(uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16),
                             (uint8_t)(length >> 24)};
    g_byte_array_append(list, (const uint8_t *)id, 4);
    g_byte_array_append(list, size, sizeof size);
    g_byte_array_append(list, (const uint8_t *)text, (guint)length);
    if (length & 1)
        g_byte_array_append(list, (const uint8_t *)"", 1);
}

static void add_others(GByteArray *list, GBytes *from)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(from, &length);
    for (gsize at = 4; at + HEAD <= length;) {
        gsize size = get32(data + at + 4);
        if (size > length - at - HEAD)
            break;
        if (!is_ours(data + at)) {
            g_byte_array_append(list, data + at, (guint)(HEAD + size));
            if (size & 1)
                g_byte_array_append(list, (const uint8_t *)"", 1);
        }
        at += HEAD + size + (size & 1);
    }
}

GBytes *wave_info_edited(GBytes *from, const AVDictionary *tags)
{
    g_autoptr(GByteArray) list = g_byte_array_new();
    g_byte_array_append(list, (const uint8_t *)"INFO", 4);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const AVDictionaryEntry *tag = av_dict_get(tags, rows[i].key, NULL, 0);
        if (!tag && rows[i].else_key)
            tag = av_dict_get(tags, rows[i].else_key, NULL, 0);
        if (tag && *tag->value)
            add_text(list, rows[i].id, tag->value);
    }
    if (from)
        add_others(list, from);
    return list->len > 4 ? g_byte_array_free_to_bytes(g_steal_pointer(&list)) : NULL;
}
