/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in sound files. */
#include "sndfile_private.h"

#include <string.h>

static const struct {
    int string;
    const char *key;
} rows[] = {
    {SF_STR_TITLE, "title"}, {SF_STR_ARTIST, "artist"},     {SF_STR_ALBUM, "album"},
    {SF_STR_DATE, "date"},   {SF_STR_COMMENT, "comment"},   {SF_STR_COPYRIGHT, "copyright"},
    {SF_STR_GENRE, "genre"}, {SF_STR_TRACKNUMBER, "track"},
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

/* Films have their date under another name. */
void sound_tags_write(SNDFILE *file, const AVDictionary *tags)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const AVDictionaryEntry *entry = av_dict_get(tags, rows[i].key, NULL, 0);
        if (!entry && rows[i].string == SF_STR_DATE)
            entry = av_dict_get(tags, "creation_time", NULL, 0);
        if (entry)
            sf_set_string(file, rows[i].string, entry->value);
    }
}
