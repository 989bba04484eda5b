/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which of a file's corrections is a clip's. */
#include "base/file.h"
#include "base/timecode.h"
#include "color/cdl_file.h"

#include <string.h>

enum { LISTED_MAX = 1000 }; /* names looked through for the nearest */

typedef bool match(const struct cdl_correction *correction, const struct cdl_query *query);

/* The dot before an extension: two to four letters, of which one may be a digit (mov, mp4, r3d), so
 * that A001.C002 has none. */
static const char *dot_of(const char *name)
{
    const char *const dot = strrchr(name, '.');
    const gsize length = dot ? strlen(dot + 1) : 0;
    gsize letters = 0;
    for (gsize i = 0; i < length; i++)
        letters += g_ascii_isalpha(dot[1 + i]) != 0;
    const bool is_extension = length >= 2 && length <= 4 && letters + 1 >= length;
    return is_extension && dot != name ? dot : name + strlen(name);
}

static bool same_stem(const char *a, const char *b)
{
    const gsize length = (gsize)(dot_of(a) - a);
    return length == (gsize)(dot_of(b) - b) && memcmp(a, b, length) == 0;
}

/* The file's name, or what it is without its extension, whatever that is. */
static bool is_name_or_stem(const char *text, const char *name)
{
    const char *const dot = strrchr(name, '.');
    return strcmp(text, name) == 0 || (dot && dot != name && strlen(text) == (gsize)(dot - name) &&
                                       strncmp(text, name, strlen(text)) == 0);
}

static bool match_any(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return true;
}

static bool match_id(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return correction->id && query->id && strcmp(correction->id, query->id) == 0;
}

static bool match_id_of_clip(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return correction->id && query->clip && is_name_or_stem(correction->id, query->clip);
}

static bool match_clip(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return correction->clip && query->clip && is_name_or_stem(correction->clip, query->clip);
}

static bool match_stem(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return correction->clip && query->clip && same_stem(correction->clip, query->clip);
}

static bool match_reel(const struct cdl_correction *correction, const struct cdl_query *query)
{
    return correction->reel && query->reel && strcmp(correction->reel, query->reel) == 0;
}

/* A label counted as the clip's timecode is: drop-frame or not. */
static bool parse_like(const char *label, const struct cdl_query *query, bool drop,
                       struct timecode *out)
{
    g_autofree char *text = g_strdup(label);
    char *const sign = strlen(text) == strlen("00:00:00:00") ? &text[8] : NULL;
    if (sign && (*sign == ':' || *sign == ';'))
        *sign = drop ? ';' : ':';
    return timecode_parse(text, query->fps, out);
}

/* Whether a frame of the clip is in the source span; both may run past midnight. */
static bool match_timecode(const struct cdl_correction *correction, const struct cdl_query *query)
{
    struct timecode clip, start, end;
    if (!query->timecode || !correction->start || !correction->end || query->fps.num <= 0 ||
        !timecode_parse(query->timecode, query->fps, &clip) ||
        !parse_like(correction->start, query, clip.drop, &start) ||
        !parse_like(correction->end, query, clip.drop, &end))
        return false;
    const int64_t day = timecode_day(clip);
    const int64_t length = (end.frame - start.frame + day) % day;
    return (clip.frame - start.frame + day) % day < length ||
           (length > 0 && (start.frame - clip.frame + day) % day < MAX(query->frames, 1));
}

static bool match_reel_and_timecode(const struct cdl_correction *correction,
                                    const struct cdl_query *query)
{
    return match_reel(correction, query) && match_timecode(correction, query);
}

static const struct cdl_correction *at(const GPtrArray *corrections, guint index)
{
    return corrections->pdata[index];
}

static bool has_ids(const struct cdl_file *file)
{
    for (guint i = 0; i < file->corrections->len; i++)
        if (at(file->corrections, i)->id)
            return true;
    return false;
}

/* Whether the file is of one correction for whatever clip it is given to. */
static bool is_for_any(const struct cdl_file *file)
{
    if (file->by_clip || file->corrections->len != 1)
        return false;
    const struct cdl_correction *only = at(file->corrections, 0);
    return file->alone || (!only->id && !only->clip);
}

static GPtrArray *matching(const GPtrArray *corrections, match *matches,
                           const struct cdl_query *query)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < corrections->len; i++)
        if (matches(at(corrections, i), query))
            g_ptr_array_add(found, corrections->pdata[i]);
    return found;
}

static bool same_numbers(const struct cdl *a, const struct cdl *b)
{
    bool same = a->saturation == b->saturation;
    for (int c = 0; c < 3; c++)
        same = same && a->slope[c] == b->slope[c] && a->offset[c] == b->offset[c] &&
               a->power[c] == b->power[c];
    return same;
}

static bool all_the_same(const GPtrArray *found)
{
    for (guint i = 1; i < found->len; i++)
        if (!same_numbers(&at(found, 0)->cdl, &at(found, i)->cdl))
            return false;
    return true;
}

/* One of those that match: the first, where all say the same. */
static enum cdl_found choose(const struct cdl_file *file, match *matches,
                             const struct cdl_query *query, const struct cdl_correction **out)
{
    g_autoptr(GPtrArray) found = matching(file->corrections, matches, query);
    g_autoptr(GPtrArray) nearer = matching(found, match_timecode, query);
    const GPtrArray *const left = nearer->len ? nearer : found;
    if (!left->len)
        return CDL_MISSING;
    *out = at(left, 0);
    return all_the_same(left) ? CDL_FOUND : CDL_AMBIGUOUS;
}

static char *quoted(const char *what, const char *name)
{
    g_autofree char *shown = name ? path_display(name) : NULL;
    return shown ? g_strdup_printf("%s \"%s\"", what, shown) : g_strdup(what);
}

/* How a correction was found. */
static char *found_by(const struct cdl_correction *correction, match *matches)
{
    if (matches == match_id || matches == match_id_of_clip)
        return quoted("id", correction->id);
    if (matches == match_clip || matches == match_stem)
        return quoted("clip", correction->clip);
    if (matches == match_any)
        return g_strdup("the only correction");
    g_autofree char *reel = quoted("reel", correction->reel);
    return matches == match_reel
               ? g_steal_pointer(&reel)
               : g_strdup_printf("%s%stimecode %s to %s", correction->reel ? reel : "",
                                 correction->reel ? ", " : "", correction->start, correction->end);
}

static enum cdl_found ambiguous(const struct cdl_file *file, const struct cdl_correction *first,
                                match *matches, char **text)
{
    g_autofree char *how = found_by(first, matches);
    *text = g_strdup_printf("%s has several corrections with different numbers for the %s, the "
                            "first on line %d: say which with cdl_id (%s)",
                            file->name, how, first->line,
                            has_ids(file) ? "its id" : "a position from 0");
    return CDL_AMBIGUOUS;
}

static const char *id_of(const struct cdl_correction *correction)
{
    return correction->id;
}
static const char *clip_of(const struct cdl_correction *correction)
{
    return correction->clip;
}
static const char *reel_of(const struct cdl_correction *correction)
{
    return correction->reel;
}
static const char *start_of(const struct cdl_correction *correction)
{
    return correction->start;
}

/* What there is of one sort in the file, with the nearest to `word`. */
static char *listing(const struct cdl_file *file, const char *word, const char *noun,
                     const char *(*text_of)(const struct cdl_correction *))
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < file->corrections->len && names->len < LISTED_MAX; i++) {
        const char *const name = text_of(at(file->corrections, i));
        if (name && g_hash_table_add(seen, (void *)name))
            g_ptr_array_add(names, path_display(name));
    }
    if (!names->len)
        return g_strdup_printf("none of its corrections has a %s", noun);
    g_ptr_array_add(names, NULL);
    return name_hint(word ? word : "", (const char *const *)names->pdata);
}

static enum cdl_found missing(const struct cdl_file *file, const char *word, const char *noun,
                              const char *(*text_of)(const struct cdl_correction *), char **text)
{
    g_autofree char *listed = listing(file, word, noun, text_of);
    g_autofree char *wanted = quoted(noun, word);
    *text =
        word ? g_strdup_printf("%s has no correction with the %s: %s", file->name, wanted, listed)
             : g_strdup_printf("%s can't be asked for this clip, whose %s isn't known", file->name,
                               noun);
    return CDL_MISSING;
}

/* Not a number at all is left to the caller: `text` stays NULL. */
static enum cdl_found by_position(const struct cdl_file *file, const struct cdl_query *query,
                                  const struct cdl_correction **out, char **text)
{
    guint64 position;
    if (!query->id || !g_ascii_string_to_unsigned(query->id, 10, 0, G_MAXINT, &position, NULL))
        return CDL_MISSING;
    if (position < file->corrections->len) {
        *out = at(file->corrections, (guint)position);
        *text = g_strdup_printf("correction %s", query->id);
        return CDL_FOUND;
    }
    *text = g_strdup_printf("%s has no correction %s: positions are 0 to %u", file->name, query->id,
                            file->corrections->len - 1);
    return CDL_MISSING;
}

/* The first of these that anything matches. */
static enum cdl_found first_of(const struct cdl_file *file, const struct cdl_query *query,
                               match *const *ways, const struct cdl_correction **out, char **text)
{
    for (; *ways; ways++) {
        const enum cdl_found found = choose(file, *ways, query, out);
        if (found == CDL_AMBIGUOUS)
            return ambiguous(file, *out, *ways, text);
        if (found == CDL_FOUND) {
            *text = found_by(*out, *ways);
            return found;
        }
    }
    return CDL_MISSING;
}

static enum cdl_found automatic(const struct cdl_file *file, const struct cdl_query *query,
                                const struct cdl_correction **out, char **text)
{
    static match *const only[] = {match_any, NULL};
    static match *const ways[] = {match_id_of_clip, match_clip, match_stem, match_reel_and_timecode,
                                  NULL};
    if (is_for_any(file))
        return first_of(file, query, only, out, text);
    const enum cdl_found found = first_of(file, query, ways, out, text);
    if (found != CDL_MISSING)
        return found;
    g_autofree char *listed = file->by_clip ? listing(file, query->clip, "clip name", clip_of)
                                            : listing(file, query->clip, "id", id_of);
    g_autofree char *wanted = quoted("clip", query->clip);
    *text = g_strdup_printf("%s has no correction for the %s by id, clip name, or reel and "
                            "timecode: %s%s",
                            file->name, wanted, listed,
                            file->by_clip || file->corrections->len > 1
                                ? ""
                                : "; to take its only one all the same, write cdl_by: position, "
                                  "cdl_id: 0");
    return CDL_MISSING;
}

static bool is_position(const char *text)
{
    return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, NULL, NULL);
}

/* No correction has this id. A position may be meant, and in a file of ids it isn't guessed. */
static enum cdl_found missing_id(const struct cdl_file *file, const struct cdl_query *query,
                                 char **text)
{
    g_autofree char *why = NULL;
    const enum cdl_found found = missing(file, query->id, "id", id_of, &why);
    const bool may_count = query->by == CDL_BY_AUTO && query->id && is_position(query->id);
    *text = g_strconcat(
        why, may_count ? "; if a position from 0 is meant, write cdl_by: position" : "", NULL);
    return found;
}

/* One that was asked for by name. */
static enum cdl_found asked(const struct cdl_file *file, const struct cdl_query *query,
                            const struct cdl_correction **out, char **text)
{
    static match *const ways[] = {match_id, NULL};
    enum cdl_found found = CDL_MISSING;
    if (query->by != CDL_BY_POSITION)
        found = first_of(file, query, ways, out, text);
    const bool counts =
        query->by == CDL_BY_POSITION || (query->by == CDL_BY_AUTO && !has_ids(file));
    if (found == CDL_MISSING && counts)
        found = by_position(file, query, out, text);
    return found == CDL_MISSING && !*text ? missing_id(file, query, text) : found;
}

enum cdl_found cdl_file_find(const struct cdl_file *file, const struct cdl_query *query,
                             const struct cdl_correction **out, char **text)
{
    static const struct {
        match *ways[3];
        const char *noun;
        const char *(*text_of)(const struct cdl_correction *);
    } rows[] = {
        [CDL_BY_ID] = {{match_id_of_clip, NULL}, "id", id_of},
        [CDL_BY_CLIP] = {{match_clip, match_stem, NULL}, "clip name", clip_of},
        [CDL_BY_REEL] = {{match_reel, NULL}, "reel", reel_of},
        [CDL_BY_TIMECODE] = {{match_timecode, NULL}, "timecode", start_of},
    };
    const char *const words[] = {[CDL_BY_ID] = query->clip,
                                 [CDL_BY_CLIP] = query->clip,
                                 [CDL_BY_REEL] = query->reel,
                                 [CDL_BY_TIMECODE] = query->timecode};
    *text = file->corrections->len ? NULL : g_strdup_printf("%s holds no CDL", file->name);
    *out = NULL;
    if (*text)
        return CDL_MISSING;
    if (query->by == CDL_BY_POSITION || (query->id && query->by <= CDL_BY_ID))
        return asked(file, query, out, text);
    if (query->by == CDL_BY_AUTO)
        return automatic(file, query, out, text);
    const enum cdl_found found = first_of(file, query, rows[query->by].ways, out, text);
    return found == CDL_MISSING ? missing(file, words[query->by], rows[query->by].noun,
                                          rows[query->by].text_of, text)
                                : found;
}
