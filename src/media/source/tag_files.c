/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags and languages of two files. */
#include "base/language.h"
#include "media/readback.h"
#include "media/sndfile.h"
#include "media/tag_groups.h"

#include "matroska.h"

/* NULL: none, or neither of sound nor of subtitles. */
static const char *language_of(const AVStream *stream)
{
    enum AVMediaType type = stream->codecpar->codec_type;
    const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
    bool heard_or_read = type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE;
    return heard_or_read ? language_full(language ? language->value : NULL) : NULL;
}

static bool is_among(GPtrArray *languages, const char *language)
{
    return g_ptr_array_find_with_equal_func(languages, language, g_str_equal, NULL);
}

/* Each once; without those of streams of which `rows` say that they are dropped. */
static GPtrArray *languages_of(const AVFormatContext *format, const GPtrArray *rows)
{
    GPtrArray *languages = g_ptr_array_new();
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const char *language = language_of(format->streams[i]);
        if (language && !tags_row_drops(rows, (int)i) && !is_among(languages, language))
            g_ptr_array_add(languages, (char *)language);
    }
    return languages;
}

/* Those of `languages` that are among `others`, or aren't. */
static GPtrArray *those(const GPtrArray *languages, GPtrArray *others, bool among)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < languages->len; i++)
        if (is_among(others, languages->pdata[i]) == among)
            g_ptr_array_add(found, languages->pdata[i]);
    return found;
}

static char *joined(const GPtrArray *languages)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < languages->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (const char *)languages->pdata[i]);
    return g_string_free(text, FALSE);
}

void languages_compare(const AVFormatContext *source, const AVFormatContext *after, GPtrArray *rows)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GPtrArray) before = languages_of(source, none), made = languages_of(after, none);
    g_autoptr(GPtrArray) carried = languages_of(source, rows);
    g_autoptr(GPtrArray) found = those(made, carried, true);
    g_autoptr(GPtrArray) missing = those(before, found, false);
    g_autofree char *all = joined(before), *there = joined(found), *lost = joined(missing);
    g_autofree char *why = missing->len ? g_strdup_printf("without %s", lost) : NULL;
    if (before->len)
        g_ptr_array_add(rows, carried_copy(&(struct carried_row){.keep = KEEP_LANGUAGES,
                                                                 .stream = -1,
                                                                 .what = (char *)"languages",
                                                                 .before = all,
                                                                 .after = found->len ? there : NULL,
                                                                 .fate = missing->len ? FATE_DROPPED
                                                                                      : FATE_KEPT,
                                                                 .why = why}));
}

void languages_behind(const AVFormatContext *film, const AVFormatContext *first, GPtrArray *rows)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GPtrArray) before = languages_of(film, none), kept = languages_of(first, none);
    g_autoptr(GPtrArray) missing = those(before, kept, false);
    g_autofree char *all = joined(before), *lost = joined(missing);
    g_autofree char *why =
        g_strdup_printf("the first file's are those of the tracks: without %s", lost);
    if (missing->len)
        g_ptr_array_add(rows, carried_copy(&(struct carried_row){.keep = KEEP_LANGUAGES,
                                                                 .stream = -1,
                                                                 .what = (char *)"languages",
                                                                 .before = all,
                                                                 .fate = FATE_DROPPED,
                                                                 .why = why}));
}

/* Those of a file of sound are in `own`. */
static const AVFormatContext *words_of(const struct sound_file *sound,
                                       const struct readback *readback, AVFormatContext *own)
{
    if (!sound)
        return readback_format(readback);
    own->metadata = (AVDictionary *)sound_file_tags(sound);
    return own;
}

void tags_compare_files(int source, int after, const char *container, GHashTable *removed,
                        GPtrArray *rows)
{
    g_auto(readback_ptr) before = readback_open(source), made = readback_open(after);
    g_auto(sound_file_ptr) from = sound_file_open(source), to = sound_file_open(after);
    AVFormatContext words_before = {0}, words_made = {0};
    if (!before || !made)
        return;
    const AVFormatContext *words = words_of(to, made, &words_made);
    tags_compare(words_of(from, before, &words_before), words, container, removed, rows);
    sound_tags_joined(source, after, words->metadata, rows);
    tags_compare_parts(readback_format(before), readback_format(made), container, rows);
    matroska_lost(source, readback_format(before), rows);
    tags_meant(rows, removed);
    languages_compare(readback_format(before), readback_format(made), rows);
}

void tags_behind_files(int film, int first, GHashTable *removed, GPtrArray *rows)
{
    g_auto(readback_ptr) own = readback_open(film), kept = readback_open(first);
    g_auto(sound_file_ptr) own_sound = sound_file_open(film), kept_sound = sound_file_open(first);
    AVFormatContext words_own = {0}, words_kept = {0};
    if (!own || !kept)
        return;
    tags_behind(words_of(own_sound, own, &words_own), words_of(kept_sound, kept, &words_kept),
                removed, rows);
    matroska_lost(film, readback_format(own), rows);
    tags_meant(rows, removed);
    languages_behind(readback_format(own), readback_format(kept), rows);
}
