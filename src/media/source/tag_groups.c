/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags before and after. No part of libavformat is called. */
#include "media/tag_groups.h"

#include "media/writer.h"

#include <math.h>
#include <string.h>

#define KEYS(...)         \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

enum { DATES };

/* MXF's own date is that of its package (SMPTE ST 377-1, modification_date). */
const struct tag_group tag_groups[] = {
    [DATES] = {KEEP_DATES, "date",
               KEYS("com.apple.quicktime.creationdate", "creation_time", "date", "origination_date",
                    "DATE_RECORDED", "modification_date")},
    {KEEP_LOCATION, "location",
     KEYS("com.apple.quicktime.location.ISO6709", "location", "location-eng")},
    {KEEP_REEL, "reel", KEYS("reel_name", "com.apple.proapps.reel", "reel")},
    {KEEP_TAGS, "maker", KEYS("com.apple.quicktime.make", "make", "manufacturer")},
    {KEEP_TAGS, "model", KEYS("com.apple.quicktime.model", "model", "com.android.model")},
};
const unsigned tag_group_count = G_N_ELEMENTS(tag_groups);

static const char *value_of(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, key, NULL, 0);
    return entry && *entry->value ? entry->value : NULL;
}

const char *tag_of(const AVFormatContext *format, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *value = value_of(format->metadata, *keys);
        for (unsigned i = 0; !value && i < format->nb_streams; i++)
            value = value_of(format->streams[i]->metadata, *keys);
        if (value)
            return value;
    }
    return NULL;
}

const struct tag_group *tag_group_of(const char *key)
{
    for (unsigned i = 0; i < tag_group_count; i++)
        for (const char *const *name = tag_groups[i].keys; *name; name++)
            if (g_ascii_strcasecmp(*name, key) == 0)
                return &tag_groups[i];
    return NULL;
}

const char *tags_date(const AVDictionary *tags)
{
    const char *date = value_of(tags, "date");
    for (const char *const *key = tag_groups[DATES].keys; !date && *key; key++)
        date = value_of(tags, *key);
    return date;
}

bool tag_is_date(const char *key)
{
    return tag_group_of(key) == &tag_groups[DATES];
}

static void add(GPtrArray *rows, const struct carried_row *row)
{
    g_ptr_array_add(rows, carried_copy(row));
}

/* The one that is in the output, or else the most telling. */
static const char *group_before(const AVFormatContext *source, const char *after,
                                const struct tag_group *group)
{
    for (const char *const *key = group->keys; after && *key; key++)
        if (g_strcmp0(value_of(source->metadata, *key), after) == 0)
            return after;
    return tag_of(source, group->keys);
}

/* Under the same name, or else under another of the group. */
static const char *group_after(const AVFormatContext *source, const AVFormatContext *after,
                               const struct tag_group *group)
{
    for (const char *const *key = group->keys; *key; key++)
        if (value_of(source->metadata, *key))
            return value_of(after->metadata, *key) ? value_of(after->metadata, *key)
                                                   : tag_of(after, group->keys);
    return tag_of(after, group->keys);
}

bool tag_was_removed(GHashTable *removed, const char *key)
{
    GHashTableIter each;
    gpointer name;
    if (!removed)
        return false;
    g_hash_table_iter_init(&each, removed);
    while (g_hash_table_iter_next(&each, &name, NULL))
        if (g_ascii_strcasecmp(name, key) == 0)
            return true;
    return false;
}

static bool was_removed(GHashTable *removed, const char *key)
{
    return tag_was_removed(removed, "*") || tag_was_removed(removed, key);
}

static bool group_was_removed(GHashTable *removed, const struct tag_group *group)
{
    for (const char *const *key = group->keys; *key; key++)
        if (was_removed(removed, *key))
            return true;
    return false;
}

/* ISO 6709: latitude, longitude and, it may be, height. MP4 has a place for them in 65536ths of a
 * degree and of a metre (3GPP TS 26.244, "loci"). */
static bool is_near(const char *before, const char *after)
{
    static const double step = 1 / 65536. + 1e-6;
    enum { NUMBERS = 3 };
    for (int i = 0; i < NUMBERS; i++) {
        char *before_end, *after_end;
        double was = g_ascii_strtod(before, &before_end), is = g_ascii_strtod(after, &after_end);
        if (before_end == before || after_end == after)
            return i == 2 && before_end == before && after_end == after;
        if (fabs(was - is) > step)
            return false;
        before = before_end;
        after = after_end;
    }
    return true;
}

/* ISO 8601: the same moment, in whatever zone and with however many digits of a second. */
static bool is_moment(const char *before, const char *after)
{
    g_autoptr(GDateTime) was = g_date_time_new_from_iso8601(before, NULL);
    g_autoptr(GDateTime) is = g_date_time_new_from_iso8601(after, NULL);
    return was && is && g_date_time_compare(was, is) == 0;
}

static bool is_same(const struct tag_group *group, const char *before, const char *after)
{
    return strcmp(before, after) == 0 || (group->keep == KEEP_LOCATION && is_near(before, after)) ||
           (group->keep == KEEP_DATES && is_moment(before, after));
}

static const char by_step[] = "a `metadata` step says so";

void tags_meant(GPtrArray *rows, GHashTable *removed)
{
    for (guint i = 0; was_removed(removed, "*") && i < rows->len; i++) {
        struct carried_row *row = rows->pdata[i];
        if (row->keep != KEEP_TAGS || row->fate != FATE_DROPPED)
            continue;
        row->fate = FATE_CHANGED;
        g_free(row->why);
        row->why = g_strdup(by_step);
    }
}

static void add_group(const AVFormatContext *source, const AVFormatContext *after,
                      const char *container, GHashTable *removed, const struct tag_group *group,
                      GPtrArray *rows)
{
    const char *found = group_after(source, after, group);
    const char *before = group_before(source, found, group);
    bool meant = group_was_removed(removed, group);
    if (!before)
        return;
    g_autofree char *why = meant    ? g_strdup(by_step)
                           : !found ? g_strdup_printf("%s output keeps none", container)
                                    : NULL;
    bool same = found && is_same(group, before, found);
    add(rows, &(struct carried_row){.keep = group->keep,
                                    .stream = -1,
                                    .what = (char *)group->what,
                                    .before = (char *)before,
                                    .after = (char *)found,
                                    .fate = same             ? FATE_KEPT
                                            : found || meant ? FATE_CHANGED
                                                             : FATE_DROPPED,
                                    .why = why});
}

static void add_others(const GString *names, enum carried_fate fate, const char *why,
                       GPtrArray *rows)
{
    if (!names->len)
        return;
    add(rows, &(struct carried_row){.keep = KEEP_TAGS,
                                    .stream = -1,
                                    .what = (char *)"tags",
                                    .before = names->str,
                                    .after = fate == FATE_KEPT ? names->str : NULL,
                                    .fate = fate,
                                    .why = (char *)why});
}

static void add_name(GString *names, const char *name)
{
    g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
}

/* Broadcast Wave's text about the sound is others' comment. */
static bool is_there(const AVFormatContext *after, const AVDictionaryEntry *tag)
{
    bool told = strcmp(tag->key, "description") == 0 &&
                g_strcmp0(value_of(after->metadata, "comment"), tag->value) == 0;
    return told || value_of(after->metadata, tag->key);
}

void tags_compare(const AVFormatContext *source, const AVFormatContext *after,
                  const char *container, GHashTable *removed, GPtrArray *rows)
{
    g_autoptr(GString) kept = g_string_new(NULL), lost = g_string_new(NULL);
    g_autoptr(GString) edited = g_string_new(NULL);
    const AVDictionaryEntry *entry = NULL;
    for (unsigned i = 0; i < tag_group_count; i++)
        add_group(source, after, container, removed, &tag_groups[i], rows);
    while ((entry = av_dict_get(source->metadata, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        if (writer_word_is_own(entry->key) || tag_group_of(entry->key) || !*entry->value)
            continue;
        GString *to = was_removed(removed, entry->key) ? edited
                      : is_there(after, entry)         ? kept
                                                       : lost;
        add_name(to, entry->key);
    }
    g_autofree char *why = g_strdup_printf("%s output keeps none of them", container);
    add_others(kept, FATE_KEPT, NULL, rows);
    add_others(edited, FATE_CHANGED, by_step, rows);
    add_others(lost, FATE_DROPPED, why, rows);
}

/* --- of a film behind another --- */

static const char of_first[] = "only the first file's are kept";

static void add_group_behind(const AVFormatContext *film, const AVFormatContext *first,
                             GHashTable *removed, const struct tag_group *group, GPtrArray *rows)
{
    const char *kept = group_after(film, first, group);
    const char *before = group_before(film, kept, group);
    const bool meant = group_was_removed(removed, group);
    if (!before || (kept && is_same(group, before, kept)))
        return;
    add(rows, &(struct carried_row){.keep = group->keep,
                                    .stream = -1,
                                    .what = (char *)group->what,
                                    .before = (char *)before,
                                    .fate = meant ? FATE_CHANGED : FATE_DROPPED,
                                    .why = (char *)(meant ? by_step : of_first)});
}

void tags_behind(const AVFormatContext *film, const AVFormatContext *first, GHashTable *removed,
                 GPtrArray *rows)
{
    g_autoptr(GString) lost = g_string_new(NULL), edited = g_string_new(NULL);
    const AVDictionaryEntry *entry = NULL;
    for (unsigned i = 0; i < tag_group_count; i++)
        add_group_behind(film, first, removed, &tag_groups[i], rows);
    while ((entry = av_dict_get(film->metadata, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        if (writer_word_is_own(entry->key) || tag_group_of(entry->key) || !*entry->value ||
            g_strcmp0(value_of(first->metadata, entry->key), entry->value) == 0)
            continue;
        add_name(was_removed(removed, entry->key) ? edited : lost, entry->key);
    }
    add_others(edited, FATE_CHANGED, by_step, rows);
    add_others(lost, FATE_DROPPED, of_first, rows);
}
