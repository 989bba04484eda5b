/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of `keep:`, and rows held against them. */
#include "model/carried.h"

#include "base/names.h"
#include "model/holds.h"

#include <string.h>

/* clang-format off */
const struct keep_word keep_words[KEEP_COUNT] = {
    [KEEP_TIMECODE] = {"timecode", "the timecode of the first frame, moved by trims", HOLDS_TIMECODE},
    [KEEP_REEL] = {"reel", "the name of the reel", 0},
    [KEEP_CHAPTERS] = {"chapters", "chapters that the programme reaches", HOLDS_CHAPTERS},
    [KEEP_SUBTITLES] = {"subtitles", "subtitle tracks, in any form", HOLDS_SUBTITLES},
    [KEEP_CAPTIONS] = {"captions", "closed captions within the picture (CEA-608 and 708), and tracks of CEA-608 in any form", HOLDS_CAPTIONS},
    [KEEP_HDR] = {"hdr", "HDR10's mastering display and light levels, HDR10+, Dolby Vision", HOLDS_DISPLAY | HOLDS_LIGHT | HOLDS_DOLBY},
    [KEEP_ALPHA] = {"alpha", "transparency of the picture", 0},
    [KEEP_DATES] = {"dates", "when it was taken", 0},
    [KEEP_LOCATION] = {"location", "where it was taken (GPS)", 0},
    [KEEP_LANGUAGES] = {"languages", "the languages of sound and subtitles", 0},
    [KEEP_TRACKS] = {"tracks", "every track of picture and of sound, every page and frame of a still", 0},
    [KEEP_ATTACHMENTS] = {"attachments", "attached files and the cover picture", HOLDS_FILES | HOLDS_COVER},
    [KEEP_DATA] = {"data", "data tracks of cameras", HOLDS_TELEMETRY},
    [KEEP_TAGS] = {"tags", "title, maker and model, and all other tags", 0},
};
/* clang-format on */

const char *const *keep_names(void)
{
    static const char *names[KEEP_COUNT + 1];
    for (int i = 0; i < KEEP_COUNT && !names[KEEP_COUNT - 1]; i++)
        names[i] = keep_words[i].word;
    return names;
}

enum keep keep_from_word(const char *word)
{
    for (int i = 0; word && i < KEEP_COUNT; i++)
        if (strcmp(keep_words[i].word, word) == 0)
            return (enum keep)i;
    return KEEP_COUNT;
}

bool keep_is_possible(enum keep keep, const char *container)
{
    return !keep_words[keep].holds || container_holds(container) & keep_words[keep].holds;
}

char *keep_containers(enum keep keep)
{
    return keep_words[keep].holds ? holders(keep_words[keep].holds) : NULL;
}

char *keep_text(unsigned keeps)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < KEEP_COUNT; i++)
        if (keeps & 1U << i)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", keep_words[i].word);
    return g_string_free(text, FALSE);
}

unsigned keep_from_text(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
    unsigned keeps = 0;
    for (char **word = words; *word; word++)
        if (keep_from_word(*word) < KEEP_COUNT)
            keeps |= 1U << keep_from_word(*word);
    return keeps;
}

static const char *const fates[] = {
    [FATE_ENCODED] = "encoded", [FATE_COPIED] = "copied",   [FATE_CONVERTED] = "converted",
    [FATE_KEPT] = "kept",       [FATE_CHANGED] = "changed", [FATE_DROPPED] = "dropped",
};

const char *fate_name(enum carried_fate fate)
{
    return fates[fate];
}

enum carried_fate fate_from_name(const char *name)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(fates); i++)
        if (strcmp(fates[i], name) == 0)
            return (enum carried_fate)i;
    return FATE_DROPPED;
}

const char carried_unread[] = "read by nobody here";

struct carried_row *carried_copy(const struct carried_row *row)
{
    struct carried_row *copy = g_new(struct carried_row, 1);
    *copy = (struct carried_row){
        .keep = row->keep,
        .stream = row->stream,
        .what = g_strdup(row->what),
        .before = g_strdup(row->before),
        .after = g_strdup(row->after),
        .fate = row->fate,
        .why = g_strdup(row->why),
    };
    return copy;
}

void carried_destroy(struct carried_row *row)
{
    if (!row)
        return;
    g_free(row->what);
    g_free(row->before);
    g_free(row->after);
    g_free(row->why);
    g_free(row);
}

static void destroy(gpointer row)
{
    carried_destroy(row);
}

GPtrArray *carried_new(void)
{
    return g_ptr_array_new_with_free_func(destroy);
}

GPtrArray *carried_copy_all(const GPtrArray *rows)
{
    GPtrArray *copy = rows ? carried_new() : NULL;
    for (guint i = 0; rows && i < rows->len; i++)
        g_ptr_array_add(copy, carried_copy(rows->pdata[i]));
    return copy;
}

bool carried_tells(const GPtrArray *rows, enum keep keep)
{
    for (guint i = 0; i < rows->len; i++)
        if (((const struct carried_row *)rows->pdata[i])->keep == keep)
            return true;
    return false;
}

/* "; sound track 2: the output keeps one", of the first of them. */
static char *losses_text(const GPtrArray *lost)
{
    enum { TOLD = 16 };
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < MIN(lost->len, TOLD); i++) {
        const struct carried_row *row = lost->pdata[i];
        g_string_append_printf(text, "; %s: %s", row->what, row->why);
    }
    if (lost->len > TOLD)
        g_string_append_printf(text, "; and %u more", lost->len - TOLD);
    return g_string_free(text, FALSE);
}

/* What a track of it says, the row of the whole says as well. */
static bool is_told_twice(const GPtrArray *rows, const struct carried_row *row)
{
    bool whole = false;
    for (guint i = 0; i < rows->len; i++) {
        const struct carried_row *other = rows->pdata[i];
        whole |= other->keep == row->keep && other->stream < 0;
    }
    return whole && row->stream >= 0 && (row->keep == KEEP_TIMECODE || row->keep == KEEP_CHAPTERS);
}

bool carried_check(const GPtrArray *rows, enum keep keep, char **expected, char **measured)
{
    g_autoptr(GPtrArray) before = g_ptr_array_new(), after = g_ptr_array_new();
    g_autoptr(GPtrArray) lost = g_ptr_array_new();
    bool pass = true;
    for (guint i = 0; rows && i < rows->len; i++) {
        struct carried_row *row = rows->pdata[i];
        if (row->keep != keep || is_told_twice(rows, row))
            continue;
        g_ptr_array_add(before, row->before ? row->before : row->what);
        pass = pass && row->fate != FATE_DROPPED;
        if (row->fate != FATE_DROPPED || row->after)
            g_ptr_array_add(after, row->after ? row->after : row->what);
        else if (row->why)
            g_ptr_array_add(lost, row);
    }
    g_autofree char *there = names_text_of(after), *gone = losses_text(lost);
    *expected = before->len ? names_text_of(before) : g_strdup("as the source");
    *measured = after->len    ? g_strconcat(there, gone, NULL)
                : before->len ? g_strdup("none")
                              : g_strdup("the source has none");
    return pass;
}
