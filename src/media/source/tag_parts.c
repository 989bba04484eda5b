/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags of tracks, attachments and chapters, which Matroska has. */
#include "base/names.h"
#include "media/tag_groups.h"
#include "media/writer.h"

#include <string.h>

enum part { TRACKS, ATTACHMENTS, CHAPTERS, PARTS };
static const char *const whats[PARTS] = {"tags of tracks", "tags of attachments",
                                         "tags of chapters"};

bool tags_row_drops(const GPtrArray *rows, int stream)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        if (row->stream == stream && row->fate == FATE_DROPPED)
            return true;
    }
    return false;
}

static enum part part_of(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT ||
                   stream->disposition & AV_DISPOSITION_ATTACHED_PIC
               ? ATTACHMENTS
               : TRACKS;
}

/* Without those of streams that `rows` say are dropped. */
static GPtrArray *tags_of(const AVFormatContext *format, enum part part, const GPtrArray *rows)
{
    GPtrArray *tags = g_ptr_array_new();
    for (unsigned i = 0; part != CHAPTERS && i < format->nb_streams; i++)
        if (part_of(format->streams[i]) == part && !tags_row_drops(rows, (int)i))
            g_ptr_array_add(tags, format->streams[i]->metadata);
    for (unsigned i = 0; part == CHAPTERS && i < format->nb_chapters; i++)
        g_ptr_array_add(tags, format->chapters[i]->metadata);
    return tags;
}

/* What libavformat has among the tags has places of its own in Matroska. */
static bool is_tag(const AVDictionaryEntry *entry)
{
    static const char *const others[] = {"language", "title",       "filename",
                                         "mimetype", "stereo_mode", NULL};
    g_autofree char *lower = g_ascii_strdown(entry->key, -1);
    return *entry->value && !writer_word_is_own(entry->key) && !tag_group_of(entry->key) &&
           !g_strv_contains(others, lower);
}

static bool is_among(const GPtrArray *all, const char *key)
{
    for (guint i = 0; i < all->len; i++)
        if (av_dict_get(all->pdata[i], key, NULL, 0))
            return true;
    return false;
}

static void add_once(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, (char *)name);
}

static void add_row(const char *what, const GPtrArray *names, enum carried_fate fate,
                    const char *why, GPtrArray *rows)
{
    g_autofree char *text = names_text_of(names);
    if (names->len)
        g_ptr_array_add(rows,
                        carried_copy(&(struct carried_row){.keep = KEEP_TAGS,
                                                           .stream = -1,
                                                           .what = (char *)what,
                                                           .before = text,
                                                           .after = fate == FATE_KEPT ? text : NULL,
                                                           .fate = fate,
                                                           .why = (char *)why}));
}

static void compare(const AVFormatContext *source, const AVFormatContext *after, enum part part,
                    const char *why, GPtrArray *rows)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GPtrArray) from = tags_of(source, part, rows), to = tags_of(after, part, none);
    g_autoptr(GPtrArray) kept = g_ptr_array_new(), lost = g_ptr_array_new();
    const bool told = part == CHAPTERS && !to->len;
    for (guint i = 0; !told && i < from->len; i++) {
        const AVDictionaryEntry *entry = NULL;
        while ((entry = av_dict_get(from->pdata[i], "", entry, AV_DICT_IGNORE_SUFFIX)))
            if (is_tag(entry))
                add_once(is_among(to, entry->key) ? kept : lost, entry->key);
    }
    add_row(whats[part], kept, FATE_KEPT, NULL, rows);
    add_row(whats[part], lost, FATE_DROPPED, why, rows);
}

void tags_compare_parts(const AVFormatContext *source, const AVFormatContext *after,
                        const char *container, GPtrArray *rows)
{
    g_autofree char *why = g_strdup_printf("%s output keeps none of them", container);
    const bool matroska = source->iformat && strstr(source->iformat->name, "matroska");
    for (unsigned part = 0; matroska && part < PARTS; part++)
        compare(source, after, part, why, rows);
}
