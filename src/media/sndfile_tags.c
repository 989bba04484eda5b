/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in sound files. */
#include "sndfile_private.h"

#include <string.h>

static const struct {
    int string;
    const char *key;
    bool in_aiff;
} rows[] = {
    {SF_STR_TITLE, "title", true},     {SF_STR_ARTIST, "artist", true},
    {SF_STR_ALBUM, "album", false},    {SF_STR_DATE, "date", false},
    {SF_STR_COMMENT, "comment", true}, {SF_STR_COPYRIGHT, "copyright", true},
    {SF_STR_GENRE, "genre", false},    {SF_STR_TRACKNUMBER, "track", false},
};

static void set_word(AVDictionary **tags, const char *key, const char *text, size_t room)
{
    g_autofree char *whole = g_strndup(text, room);
    g_autofree char *valid = g_utf8_make_valid(whole, -1);
    if (*g_strstrip(valid))
        av_dict_set(tags, key, valid, AV_DICT_DONT_OVERWRITE);
}

void sound_tags_read(SNDFILE *file, const struct bext *bext, AVDictionary **tags)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *text = sf_get_string(file, rows[i].string);
        if (text)
            set_word(tags, rows[i].key, text, strlen(text));
    }
    if (!bext)
        return;
    set_word(tags, "description", bext->description, sizeof bext->description);
    set_word(tags, "originator", bext->originator, sizeof bext->originator);
    set_word(tags, "originator_reference", bext->originator_reference,
             sizeof bext->originator_reference);
    set_word(tags, "date", bext->date, sizeof bext->date);
}

bool sound_stripped(const struct sound_writer_setup *setup)
{
    return setup->edits && g_hash_table_contains(setup->edits, "*");
}

void sound_tags_lost(const struct sound_writer_setup *setup, struct chain *chain,
                     bool (*holds)(const void *data, const char *key), const void *data)
{
    GHashTableIter each;
    gpointer key, value;
    if (!setup->edits)
        return;
    g_hash_table_iter_init(&each, setup->edits);
    while (g_hash_table_iter_next(&each, &key, &value))
        if (value && !holds(data, key))
            chain_note(chain, "dropped: the tag %s: a %s file has no place for it",
                       (const char *)key, setup->container->name);
}

/* libsndfile writes all of them into FLAC and CAF, into AIFF those it has chunks for. */
static bool holds_row(const SF_INFO *info, unsigned row)
{
    switch (info->format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_AIFF:
        return rows[row].in_aiff;
    case SF_FORMAT_W64:
        return false;
    default:
        return true;
    }
}

static bool holds(const void *data, const char *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return holds_row(data, i);
    return false;
}

/* Films have their date under another name. */
void sound_tags_write(SNDFILE *file, const SF_INFO *info, const struct sound_writer_setup *setup,
                      struct chain *chain)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const AVDictionaryEntry *entry = av_dict_get(setup->tags, rows[i].key, NULL, 0);
        if (!entry && rows[i].string == SF_STR_DATE)
            entry = av_dict_get(setup->tags, "creation_time", NULL, 0);
        if (entry && holds_row(info, i))
            sf_set_string(file, rows[i].string, entry->value);
    }
    sound_tags_lost(setup, chain, holds, info);
}
