/* SPDX-License-Identifier: GPL-3.0-or-later
 * LIST INFO. */
#include "wave_info.h"

#include "../bytes/little.h"
#include "media/tag_groups.h"

#include <string.h>

enum { ID = 4, HEAD = 8 };

static const struct {
    const char *id, *key, *else_id; /* else_id: by others, NULL none */
} rows[] = {
    {"INAM", "title", NULL},   {"IART", "artist", NULL},    {"IPRD", "album", NULL},
    {"ICMT", "comment", NULL}, {"ICOP", "copyright", NULL}, {"ICRD", "date", NULL},
    {"IGNR", "genre", NULL},   {"ITRK", "track", "IPRT"},   {"ISRC", "source", NULL},
};

/* Registered ones beside ours (Multimedia Programming Interface 1.0, 2-14) are tags by their own
 * names. The program that wrote the file (ISFT) is none. */
static bool is_word(const char *id)
{
    static const char *const words[] = {"IARL", "ICMS", "ICRP", "IDIM", "IDPI",
                                        "IENG", "IKEY", "ILGT", "ILNG", "IMED",
                                        "IPLT", "ISBJ", "ISHP", "ISRF", "ITCH"};
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        if (strncmp(words[i], id, ID) == 0)
            return true;
    return false;
}

/* NULL for a text that isn't a tag. Caller frees. */
static char *key_of(const uint8_t *id)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (memcmp(rows[i].id, id, ID) == 0 ||
            (rows[i].else_id && memcmp(rows[i].else_id, id, ID) == 0))
            return g_strdup(rows[i].key);
    return is_word((const char *)id) ? g_strndup((const char *)id, ID) : NULL;
}

/* NULL for a tag that has none. */
static const char *id_of(const char *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return rows[i].id;
    return strlen(key) == ID && is_word(key) ? key : NULL;
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

/* Caller frees. */
static char *value_of(const uint8_t *text, gsize size)
{
    g_autofree char *value = g_strndup((const char *)text + HEAD, size);
    return g_utf8_make_valid(value, -1);
}

void wave_info_read(GBytes *list, AVDictionary **tags)
{
    gsize length, at = 4, size;
    const uint8_t *data = g_bytes_get_data(list, &length), *text;
    while (is_info(data, length) && next(data, length, &at, &text, &size)) {
        g_autofree char *key = key_of(text), *value = value_of(text, size);
        if (key && *value)
            av_dict_set(tags, key, value, AV_DICT_DONT_OVERWRITE);
    }
}

bool wave_info_holds(const char *key)
{
    return id_of(key) != NULL;
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

/* NULL: none. */
static const char *tag_value(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *tag = av_dict_get(tags, key, NULL, 0);
    const char *value = tag_is_date(key) ? tags_date(tags) : tag ? tag->value : NULL;
    return value && *value ? value : NULL;
}

/* The first text of a tag stays as it is while its tag says the same; further ones of that tag
 * while it is there at all; what is no tag always. */
static bool stays(const uint8_t *text, gsize size, const AVDictionary *tags, GHashTable *written)
{
    g_autofree char *key = key_of(text), *value = value_of(text, size);
    const char *now = key ? tag_value(tags, key) : NULL;
    if (!key || (now && g_hash_table_contains(written, key)))
        return true;
    if (g_strcmp0(value, now) != 0)
        return false;
    return g_hash_table_add(written, g_steal_pointer(&key));
}

static void add_staying(GByteArray *list, GBytes *from, const AVDictionary *tags,
                        GHashTable *written)
{
    gsize length, at = 4, size;
    const uint8_t *data = g_bytes_get_data(from, &length), *text;
    while (next(data, length, &at, &text, &size))
        if (stays(text, size, tags, written)) {
            g_byte_array_append(list, text, (guint)(HEAD + size));
            g_byte_array_append(list, (const uint8_t *)"", size & 1);
        }
}

static void add_missing(GByteArray *list, const char *key, const AVDictionary *tags,
                        GHashTable *written)
{
    const char *value = tag_value(tags, key);
    if (value && id_of(key) && g_hash_table_add(written, g_strdup(key)))
        add_text(list, id_of(key), value);
}

GBytes *wave_info_edited(GBytes *from, const AVDictionary *tags)
{
    g_autoptr(GByteArray) list = g_byte_array_new();
    g_autoptr(GHashTable) written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const AVDictionaryEntry *tag = NULL;
    g_byte_array_append(list, (const uint8_t *)"INFO", 4);
    if (from)
        add_staying(list, from, tags, written);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        add_missing(list, rows[i].key, tags, written);
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX)))
        add_missing(list, tag->key, tags, written);
    return list->len > 4 ? g_byte_array_free_to_bytes(g_steal_pointer(&list)) : NULL;
}
