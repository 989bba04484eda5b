/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags that libavformat has elsewhere than their files. No part of it is called. */
#include "media/tag_groups.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 10 };

char *tags_moment(const char *date, const char *time)
{
    unsigned hour, minute, second;
    bool timed =
        sscanf(time ? time : "", "%2u%*1[-:_. ]%2u%*1[-:_. ]%2u", &hour, &minute, &second) == 3 &&
        hour < 24 && minute < 60 && second < 60;
    return timed && strlen(date) == DAY
               ? g_strdup_printf("%sT%02u:%02u:%02u", date, hour, minute, second)
               : g_strdup(date);
}

static bool is_of(const AVFormatContext *format, const char *demuxer)
{
    return format->iformat && strcmp(format->iformat->name, demuxer) == 0;
}

/* The first that has any speaks for the file; a language is the stream's own. */
static void raise_words(AVFormatContext *format)
{
    const AVDictionaryEntry *entry = NULL;
    AVDictionary *own = NULL;
    unsigned i = 0;
    while (i < format->nb_streams && !format->streams[i]->metadata)
        i++;
    if (i == format->nb_streams)
        return;
    AVDictionary **words = &format->streams[i]->metadata;
    while ((entry = av_dict_get(*words, "", entry, AV_DICT_IGNORE_SUFFIX)))
        av_dict_set(g_ascii_strcasecmp(entry->key, "language") == 0 ? &own : &format->metadata,
                    entry->key, entry->value, AV_DICT_DONT_OVERWRITE);
    av_dict_free(words);
    *words = own;
}

static void join_moment(AVDictionary **tags)
{
    const AVDictionaryEntry *date = av_dict_get(*tags, "date", NULL, 0);
    const AVDictionaryEntry *time = av_dict_get(*tags, "creation_time", NULL, 0);
    g_autofree char *moment = date && time ? tags_moment(date->value, time->value) : NULL;
    if (moment)
        av_dict_set(tags, "date", moment, 0);
    av_dict_set(tags, "creation_time", NULL, 0);
}

void tags_place(AVFormatContext *format)
{
    if (is_of(format, "ogg"))
        raise_words(format);
    if (is_of(format, "wav") || is_of(format, "w64"))
        join_moment(&format->metadata);
}
