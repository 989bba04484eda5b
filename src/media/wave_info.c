/* SPDX-License-Identifier: GPL-3.0-or-later
 * LIST INFO. */
#include "wave_info.h"

#include "little.h"
#include "media/tag_groups.h"

#include <string.h>

enum { HEAD = 8 };

static const struct {
    const char *id, *key, *else_id; /* else_id: by others, NULL none */
} rows[] = {
    {"INAM", "title", NULL},   {"IART", "artist", NULL},    {"IPRD", "album", NULL},
    {"ICMT", "comment", NULL}, {"ICOP", "copyright", NULL}, {"ICRD", "date", NULL},
    {"IGNR", "genre", NULL},   {"ITRK", "track", "IPRT"},
};

/* NULL for a text that isn't one of our tags. */
static const char *key_of(const uint8_t *id)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (memcmp(rows[i].id, id, 4) == 0 ||
            (rows[i].else_id && memcmp(rows[i].else_id, id, 4) == 0))
            return rows[i].key;
    return NULL;
}

static bool is_info(const uint8_t *data, gsize length)
{
    return length >= 4 && memcmp(data, "INFO", 4) == 0;
}

/* The next text at *at; false at the end. */
static bool next(const uint8_t *data, gsize length, gsize *at, const uint8_t **text, gsize *size)
{
    if (*at + HEAD > length || little_get(data + *at + 4, 4) > length - *at - HEAD)
        return false;
    *text = data + *at;
    *size = little_get(*text + 4, 4);
    *at += HEAD + *size + (*size & 1);
    return true;
}

void wave_info_read(GBytes *list, AVDictionary **tags)
{
    gsize length, at = 4, size;
    const uint8_t *data = g_bytes_get_data(list, &length), *text;
    while (is_info(data, length) && next(data, length, &at, &text, &size)) {
        g_autofree char *value = g_strndup((const char *)text + HEAD, size);
        g_autofree char *valid = g_utf8_make_valid(value, -1);
        if (key_of(text) && *valid)
            av_dict_set(tags, key_of(text), valid, AV_DICT_DONT_OVERWRITE);
    }
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
    uint8_t size[4];
    little_put(size, length, 4);
    g_byte_array_append(list, (const uint8_t *)id, 4);
    g_byte_array_append(list, size, sizeof size);
    g_byte_array_append(list, (const uint8_t *)text, (guint)length);
    if (length & 1)
        g_byte_array_append(list, (const uint8_t *)"", 1);
}

static void add_others(GByteArray *list, GBytes *from)
{
    gsize length, at = 4, size;
    const uint8_t *data = g_bytes_get_data(from, &length), *text;
    while (next(data, length, &at, &text, &size))
        if (!key_of(text)) {
            g_byte_array_append(list, text, (guint)(HEAD + size));
            g_byte_array_append(list, (const uint8_t *)"", size & 1);
        }
}

GBytes *wave_info_edited(GBytes *from, const AVDictionary *tags)
{
    g_autoptr(GByteArray) list = g_byte_array_new();
    g_byte_array_append(list, (const uint8_t *)"INFO", 4);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const AVDictionaryEntry *tag = av_dict_get(tags, rows[i].key, NULL, 0);
        const char *value = tag_is_date(rows[i].key) ? tags_date(tags) : tag ? tag->value : NULL;
        if (value && *value)
            add_text(list, rows[i].id, value);
    }
    if (from)
        add_others(list, from);
    return list->len > 4 ? g_byte_array_free_to_bytes(g_steal_pointer(&list)) : NULL;
}
