/* SPDX-License-Identifier: GPL-3.0-or-later
 * Metadata under the names that cameras and recorders use. */
#include "tags.h"

#include "base/timecode.h"

#include <string.h>

char *tag_text(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, key, NULL, 0);
    if (!entry || !*entry->value)
        return NULL;
    g_autofree char *text = g_utf8_make_valid(entry->value, -1);
    return *g_strstrip(text) ? g_strdup(text) : NULL;
}

/* The first of the names, in the file's own tags, then in those of its streams. */
static char *find_tag(const struct source *source, const char *const *names)
{
    for (; *names; names++) {
        char *text = tag_text(source_format(source)->metadata, *names);
        for (int i = 0; !text && i < source_streams(source); i++)
            text = tag_text(source_stream(source, i)->av->metadata, *names);
        if (text)
            return text;
    }
    return NULL;
}
#define FIND(source, ...) find_tag(source, (const char *const[]){__VA_ARGS__, NULL})

/* Broadcast WAV counts samples since midnight (EBU Tech 3285, TimeReference). It has no frame
 * rate, so only whole seconds are a timecode. */
static char *time_reference(const struct source *source, const struct facts *facts)
{
    g_autofree char *text = tag_text(source_format(source)->metadata, "time_reference");
    gint64 samples = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    if (samples <= 0 || facts->sample_rate <= 0 || samples % facts->sample_rate)
        return NULL;
    gint64 s = samples / facts->sample_rate % 86400;
    return g_strdup_printf("%02d:%02d:%02d:00", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

static char *read_timecode(const struct source *source, const struct facts *facts)
{
    g_autofree char *text = FIND(source, "timecode");
    struct timecode parsed;
    if (text && (timecode_parse(text, facts->fps, &parsed) ||
                 timecode_parse(text, (struct rational){0, 1}, &parsed)))
        return g_steal_pointer(&text);
    return time_reference(source, facts);
}

static char *read_camera(const struct source *source)
{
    g_autofree char *make = FIND(source, "com.apple.quicktime.make", "make", "manufacturer");
    g_autofree char *model =
        FIND(source, "com.apple.quicktime.model", "model", "com.android.model");
    if (make && model && !g_str_has_prefix(model, make))
        return g_strdup_printf("%s %s", make, model);
    if (model || make)
        return g_strdup(model ? model : make);
    return FIND(source, "originator", "com.android.manufacturer");
}

void read_tags(const struct source *source, struct facts *facts)
{
    facts->timecode = read_timecode(source, facts);
    facts->reel = FIND(source, "reel_name", "com.apple.proapps.reel", "reel");
    facts->date = FIND(source, "com.apple.quicktime.creationdate", "creation_time", "date",
                       "origination_date");
    facts->location = FIND(source, "com.apple.quicktime.location.ISO6709", "location");
    facts->title = tag_text(source_format(source)->metadata, "title");
    facts->camera = read_camera(source);
}
