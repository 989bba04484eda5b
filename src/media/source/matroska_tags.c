/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags of Matroska (RFC 9559, 5.1.8). libavformat makes one list of all those that are of no
 * track, chapter or attachment, whatever they are of, and has them replace the title. */
#include "matroska.h"

#include "../still/tags/told.h"
#include "base/names.h"
#include "media/writer.h"

#include <string.h>

enum {
    TITLE = 0x7ba9,
    TAGS = 0x1254c367,
    TAG = 0x7373,
    TARGETS = 0x63c0,
    LEVEL = 0x68ca,
    TRACK = 0x63c5,
    CHAPTER = 0x63c4,
    ATTACHMENT = 0x63c6,
    EDITION = 0x63c9,
    SIMPLE = 0x67c8,
    NAME = 0x45a3,
    LANGUAGE = 0x447a,
    DEFAULT = 0x4484,
    TEXT = 0x4487,
    TRACK_UID = 0x73c5,
    ATTACHMENTS = 0x1941a469,
    ATTACHED = 0x61a7,
    ATTACHED_UID = 0x46ae,
};
/* Of the film (RFC 9559, TargetTypeValue); 0 is none that is said. */
enum { LEVEL_FILM = 50 };

enum loss { OTHER_LEVEL, INSIDE, AGAIN, NO_TEXT, OF_NOTHING, LOSSES };
static const struct {
    const char *what, *why;
} losses[LOSSES] = {
    [OTHER_LEVEL] = {"tags of other levels", "only those of the film itself (level 50) are kept"},
    [INSIDE] = {"tags inside others", "only those that stand alone are kept"},
    [AGAIN] = {"tags of a name that is given again",
               "one of each name is kept, and of titles the file's"},
    [NO_TEXT] = {"tags that are no text", "only text is kept"},
    [OF_NOTHING] = {"tags of editions, or of what isn't in the file",
                    "only those of the film, its tracks, chapters and attachments are kept"},
};

struct simple {
    char *name, *text; /* NULL: none */
    char *language;    /* NULL: in any */
    bool usual;        /* among those of its name */
};

struct reading {
    int fd;
    const AVFormatContext *format;
    AVDictionary *film;
    GPtrArray *lost[LOSSES]; /* names */
};

static void clear_simple(struct simple *simple)
{
    g_free(simple->name);
    g_free(simple->text);
    g_free(simple->language);
}

/* Under libavformat's names. */
static char *own_name(char *name)
{
    static const char *const names[][2] = {{"LEAD_PERFORMER", "performer"},
                                           {"PART_NUMBER", "track"}};
    for (unsigned i = 0; name && i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(name, names[i][0]) == 0) {
            g_free(name);
            return g_strdup(names[i][1]);
        }
    return name;
}

static struct simple read_simple(int fd, const struct ebml *at)
{
    struct ebml usual;
    struct simple simple = {.name = own_name(matroska_text(fd, at, NAME)),
                            .text = matroska_text(fd, at, TEXT),
                            .language = matroska_text(fd, at, LANGUAGE),
                            .usual = !ebml_find(fd, at->start, at->end, DEFAULT, &usual) ||
                                     ebml_number(fd, &usual)};
    if (simple.language && (!*simple.language || strcmp(simple.language, "und") == 0))
        g_clear_pointer(&simple.language, g_free);
    return simple;
}

static void lose(struct reading *reading, enum loss loss, const char *name)
{
    enum { NAMES_MAX = 1000 };
    GPtrArray *names = reading->lost[loss];
    if (names->len < NAMES_MAX && !writer_word_is_own(name) &&
        !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

static const char *said(const AVDictionary *tags, const char *name)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, name, NULL, 0);
    return entry ? entry->value : NULL;
}

static void take(struct reading *reading, const char *name, const char *text, AVDictionary **tags)
{
    const char *before = said(*tags, name);
    if (before && strcmp(before, text) != 0 && !writer_word_is_own(name))
        lose(reading, AGAIN, name);
    else
        av_dict_set(tags, name, text, 0);
}

/* libavformat has a language behind the name, and the usual one without it too. */
static void take_simple(struct reading *reading, const struct simple *simple, AVDictionary **tags)
{
    if (!simple->language) {
        take(reading, simple->name, simple->text, tags);
        return;
    }
    g_autofree char *name = g_strdup_printf("%s-%s", simple->name, simple->language);
    take(reading, name, simple->text, tags);
    if (simple->usual)
        av_dict_set(tags, simple->name, simple->text, AV_DICT_DONT_OVERWRITE);
}

/* Those without a language come first: they have their names to themselves. */
static void take_all(struct reading *reading, const struct ebml *tag, bool languages,
                     AVDictionary **tags)
{
    struct ebml at;
    for (int64_t from = tag->start; ebml_find(reading->fd, from, tag->end, SIMPLE, &at);
         from = at.end) {
        struct simple simple = read_simple(reading->fd, &at);
        if (simple.name && simple.text && !simple.language == !languages)
            take_simple(reading, &simple, tags);
        else if (simple.name && !simple.text && !languages)
            lose(reading, NO_TEXT, simple.name);
        clear_simple(&simple);
    }
}

static void lose_inside(struct reading *reading, const struct ebml *outer, const char *path,
                        int depth)
{
    enum { DEPTH_MAX = 8 };
    struct ebml at;
    for (int64_t from = outer->start;
         depth < DEPTH_MAX && ebml_find(reading->fd, from, outer->end, SIMPLE, &at);
         from = at.end) {
        g_autofree char *name = matroska_text(reading->fd, &at, NAME);
        g_autofree char *full = path ? g_strdup_printf("%s/%s", path, name) : g_strdup(name);
        if (path && name)
            lose(reading, INSIDE, full);
        if (name)
            lose_inside(reading, &at, full, depth + 1);
    }
}

static void lose_all(struct reading *reading, const struct ebml *tag, enum loss loss)
{
    struct ebml at;
    for (int64_t from = tag->start; ebml_find(reading->fd, from, tag->end, SIMPLE, &at);
         from = at.end) {
        g_autofree char *name = matroska_text(reading->fd, &at, NAME);
        if (name)
            lose(reading, loss, name);
    }
}

static bool is_chapter(const struct reading *reading, uint64_t uid)
{
    for (unsigned i = 0; i < reading->format->nb_chapters; i++)
        if ((uint64_t)reading->format->chapters[i]->id == uid)
            return true;
    return false;
}

static bool is_in(int fd, uint32_t list, uint32_t entry, uint32_t id, uint64_t uid)
{
    struct ebml all, one;
    if (!matroska_find(fd, list, &all))
        return false;
    for (int64_t from = all.start; ebml_find(fd, from, all.end, entry, &one); from = one.end)
        if (matroska_number(fd, &one, id) == uid)
            return true;
    return false;
}

static bool is_there(const struct reading *reading, uint32_t what, uint64_t uid)
{
    return what == TRACK ? is_in(reading->fd, MATROSKA_TRACKS, MATROSKA_TRACK, TRACK_UID, uid)
           : what == ATTACHMENT ? is_in(reading->fd, ATTACHMENTS, ATTACHED, ATTACHED_UID, uid)
           : what == CHAPTER    ? is_chapter(reading, uid)
                                : false;
}

/* Of what a tag is; 0: of the film or another level. A number 0 is all of its kind, and taken for
 * the film. */
static uint32_t target_of(int fd, const struct ebml *targets, uint64_t *uid)
{
    static const uint32_t kinds[] = {EDITION, ATTACHMENT, CHAPTER, TRACK};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if ((*uid = matroska_number(fd, targets, kinds[i])))
            return kinds[i];
    return 0;
}

/* Those of tracks, chapters and attachments libavformat has read. */
static void read_tag(struct reading *reading, const struct ebml *tag, bool languages)
{
    struct ebml targets;
    AVDictionary *apart = NULL;
    const bool aimed = ebml_find(reading->fd, tag->start, tag->end, TARGETS, &targets);
    const uint64_t level = aimed ? matroska_number(reading->fd, &targets, LEVEL) : 0;
    uint64_t uid = 0;
    const uint32_t target = aimed ? target_of(reading->fd, &targets, &uid) : 0;
    if (target && !is_there(reading, target, uid)) {
        lose_all(reading, tag, OF_NOTHING);
    } else if (target) {
        take_all(reading, tag, languages, &apart);
    } else if (level && level != LEVEL_FILM) {
        lose_all(reading, tag, OTHER_LEVEL);
    } else {
        take_all(reading, tag, languages, &reading->film);
        lose_inside(reading, tag, NULL, 0);
    }
    av_dict_free(&apart);
}

static void read_tags(struct reading *reading, const GArray *all, bool languages)
{
    struct ebml tag;
    for (guint i = 0; i < all->len; i++) {
        const struct ebml *tags = &g_array_index(all, struct ebml, i);
        for (int64_t from = tags->start; ebml_find(reading->fd, from, tags->end, TAG, &tag);
             from = tag.end)
            read_tag(reading, &tag, languages);
    }
}

/* What isn't said by tags. */
static void begin_film(struct reading *reading)
{
    static const char *const others[] = {"creation_time", "encoder"};
    struct ebml info;
    g_autofree char *title = matroska_find(reading->fd, MATROSKA_INFO, &info)
                                 ? matroska_text(reading->fd, &info, TITLE)
                                 : NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        av_dict_set(&reading->film, others[i], said(reading->format->metadata, others[i]), 0);
    if (title && *title)
        av_dict_set(&reading->film, "title", title, 0);
}

/* False: it has none, or isn't Matroska. */
static bool read_film(struct reading *reading, int fd, const AVFormatContext *format)
{
    const bool matroska = format->iformat && strstr(format->iformat->name, "matroska");
    g_autoptr(GArray) all = matroska_elements(matroska ? fd : -1, TAGS);
    *reading = (struct reading){.fd = fd, .format = format};
    if (!all->len)
        return false;
    for (unsigned i = 0; i < LOSSES; i++)
        reading->lost[i] = g_ptr_array_new_with_free_func(g_free);
    begin_film(reading);
    read_tags(reading, all, false);
    read_tags(reading, all, true);
    return true;
}

static void clear_reading(struct reading *reading)
{
    av_dict_free(&reading->film);
    for (unsigned i = 0; i < LOSSES; i++)
        g_clear_pointer(&reading->lost[i], g_ptr_array_unref);
}

void matroska_place_tags(int fd, AVFormatContext *format)
{
    struct reading reading;
    if (!read_film(&reading, fd, format))
        return;
    av_dict_free(&format->metadata);
    format->metadata = g_steal_pointer(&reading.film);
    clear_reading(&reading);
}

void matroska_lost_tags(int fd, const AVFormatContext *format, GPtrArray *rows)
{
    struct reading reading;
    if (!read_film(&reading, fd, format))
        return;
    for (unsigned i = 0; i < LOSSES; i++) {
        g_autofree char *names = names_text_of(reading.lost[i]);
        g_autofree char *what = g_strdup_printf("%s (%s)", losses[i].what, names);
        told_drop(rows, KEEP_TAGS, *names ? what : NULL, losses[i].why);
    }
    clear_reading(&reading);
}
