/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in sound files. */
#include "base/names.h"
#include "media/tag_groups.h"
#include "media/writer.h"
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

/* Dates under any of their names; a comment is also what Broadcast Wave has instead. */
static const char *value_of(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, key, NULL, 0);
    if (!entry && strcmp(key, "comment") == 0)
        entry = av_dict_get(tags, "description", NULL, 0);
    if (tag_is_date(key))
        return tags_date(tags);
    return entry ? entry->value : NULL;
}

static void set_word(AVDictionary **tags, const char *key, const char *text, size_t room)
{
    g_autofree char *whole = g_strndup(text, room);
    g_autofree char *valid = g_utf8_make_valid(whole, -1);
    if (*g_strstrip(valid))
        av_dict_set(tags, key, valid, AV_DICT_DONT_OVERWRITE);
}

/* It has a time of day, where a date in words may be the day alone. */
static void set_moment(AVDictionary **tags, const struct bext *bext)
{
    const AVDictionaryEntry *said = av_dict_get(*tags, "date", NULL, 0);
    g_autofree char *date = g_strndup(bext->date, sizeof bext->date);
    g_autofree char *time = g_strndup(bext->time, sizeof bext->time);
    g_autofree char *moment = tags_moment(g_strstrip(date), time);
    if (said && g_str_has_prefix(moment, said->value))
        av_dict_set(tags, "date", NULL, 0);
    set_word(tags, "date", moment, strlen(moment));
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
    set_moment(tags, bext);
}

bool sound_stripped(const struct sound_writer_setup *setup)
{
    return setup->edits && g_hash_table_contains(setup->edits, "*");
}

/* Does `holds` have a place for it? Names of tags are of either case: Matroska's are capitals. */
static bool is_held(bool (*holds)(const void *data, const char *key), const void *data,
                    const char *key)
{
    g_autofree char *lower = g_ascii_strdown(key, -1);
    return holds(data, tag_is_date(key) ? "date" : lower);
}

static void note_lost(const struct sound_writer_setup *setup, struct chain *chain,
                      bool (*holds)(const void *data, const char *key), const void *data)
{
    const AVDictionaryEntry *entry = NULL;
    g_autoptr(GPtrArray) lost = g_ptr_array_new();
    while ((entry = av_dict_get(setup->tags, "", entry, AV_DICT_IGNORE_SUFFIX)))
        if (!tag_was_removed(setup->edits, entry->key) && !writer_word_is_own(entry->key) &&
            !is_held(holds, data, entry->key))
            g_ptr_array_add(lost, entry->key);
    g_autofree char *names = names_text_of(lost);
    if (lost->len)
        chain_note(chain, "dropped: tags (%s): a %s file has no place for them", names,
                   setup->container->name);
}

void sound_tags_lost(const struct sound_writer_setup *setup, struct chain *chain,
                     bool (*holds)(const void *data, const char *key), const void *data)
{
    GHashTableIter each;
    gpointer key, value;
    note_lost(setup, chain, holds, data);
    if (!setup->edits)
        return;
    g_hash_table_iter_init(&each, setup->edits);
    while (g_hash_table_iter_next(&each, &key, &value))
        if (value && !is_held(holds, data, key))
            chain_note(chain, "dropped: the tag %s: a %s file has no place for it",
                       (const char *)key, setup->container->name);
}

/* libsndfile writes all of them into CAF, into AIFF those it has chunks for. */
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

struct words {
    const SF_INFO *info;
    const AVDictionary *tags;
};

/* `data` is words. */
static bool holds(const void *data, const char *key)
{
    const struct words *words = data;
    bool comments =
        strcmp(key, "description") == 0 && !av_dict_get(words->tags, "comment", NULL, 0);
    key = comments ? "comment" : key;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return holds_row(words->info, i);
    return false;
}

void sound_tags_write(SNDFILE *file, const SF_INFO *info, const struct sound_writer_setup *setup,
                      struct chain *chain)
{
    const struct words words = {info, setup->tags};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *value = value_of(setup->tags, rows[i].key);
        if (value && holds_row(info, i))
            sf_set_string(file, rows[i].string, value);
    }
    sound_tags_lost(setup, chain, holds, &words);
}
