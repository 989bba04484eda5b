/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tracks and writers of Matroska. */
#include "matroska.h"

#include "../bytes/box.h"
#include "../still/tags/told.h"

#include <string.h>
#include <sys/stat.h>

enum {
    SEGMENT = 0x18538067,
    SEEK_HEAD = 0x114d9b74,
    SEEK = 0x4dbb,
    SEEK_ID = 0x53ab,
    SEEK_POSITION = 0x53ac,
    DATE = 0x4461,
    WRITING_APP = 0x5741,
    CHAPTERS = 0x1043a770,
    EDITION = 0x45b9,
    EDITION_ORDERED = 0x45dd,
    CHAPTER = 0xb6,
    CHAPTER_NAME = 0x80,
    CLUSTER = 0x1f43b675,
    TRACK_TYPE = 0x83,
    CODEC_ID = 0x86,
    VIDEO = 0xe0,
    CROP_LEFT = 0x54cc,
    CROP_RIGHT = 0x54dd,
    CROP_TOP = 0x54bb,
    CROP_BOTTOM = 0x54aa
};
enum { TRACKS_MAX = 1000 };

uint64_t matroska_number(int fd, const struct ebml *parent, uint32_t id)
{
    struct ebml element;
    return ebml_find(fd, parent->start, parent->end, id, &element) ? ebml_number(fd, &element) : 0;
}

char *matroska_text(int fd, const struct ebml *parent, uint32_t id)
{
    struct ebml element;
    return ebml_find(fd, parent->start, parent->end, id, &element) ? ebml_text(fd, &element) : NULL;
}

static void add_element(GArray *elements, const struct ebml *element)
{
    for (guint i = 0; i < elements->len; i++)
        if (g_array_index(elements, struct ebml, i).start == element->start)
            return;
    g_array_append_val(elements, *element);
}

/* Positions count from the start of the Segment's body (RFC 9559, 16). */
static void seek_elements(int fd, const struct ebml *segment, const struct ebml *head, uint32_t id,
                          GArray *elements)
{
    struct ebml seek, element;
    for (int64_t at = head->start; ebml_find(fd, at, head->end, SEEK, &seek); at = seek.end) {
        const uint64_t position = matroska_number(fd, &seek, SEEK_POSITION);
        if (matroska_number(fd, &seek, SEEK_ID) == id &&
            position <= (uint64_t)(segment->end - segment->start) &&
            ebml_read(fd, segment->start + (int64_t)position, segment->end, &element) &&
            element.id == id && element.end <= segment->end)
            add_element(elements, &element);
    }
}

GArray *matroska_elements(int fd, uint32_t id)
{
    struct stat file;
    struct ebml segment, cluster, head, element;
    GArray *elements = g_array_new(FALSE, FALSE, sizeof element);
    if (fstat(fd, &file) != 0 || !ebml_find(fd, 0, file.st_size, SEGMENT, &segment))
        return elements;
    const int64_t begin = segment.start;
    const int64_t end =
        ebml_find(fd, begin, segment.end, CLUSTER, &cluster) ? cluster.start : segment.end;
    for (int64_t at = begin; ebml_find(fd, at, end, id, &element); at = element.end)
        add_element(elements, &element);
    if (ebml_find(fd, begin, end, SEEK_HEAD, &head))
        seek_elements(fd, &segment, &head, id, elements);
    return elements;
}

bool matroska_find(int fd, uint32_t id, struct ebml *element)
{
    g_autoptr(GArray) elements = matroska_elements(fd, id);
    if (elements->len)
        *element = g_array_index(elements, struct ebml, 0);
    return elements->len > 0;
}

bool matroska_find_tracks(int fd, struct ebml *tracks)
{
    return matroska_find(fd, MATROSKA_TRACKS, tracks);
}

/* Nanoseconds since 2001 (RFC 8794, 7.6). */
static char *date_in(int fd, const struct ebml *parent)
{
    static const int64_t epoch_s = 978307200, second = 1000000000;
    struct ebml element;
    if (!ebml_find(fd, parent->start, parent->end, DATE, &element))
        return NULL;
    const int64_t date = (int64_t)ebml_number(fd, &element);
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(epoch_s + date / second);
    return at ? g_date_time_format(at, "%Y-%m-%d %H:%M:%S") : NULL;
}

struct matroska_made matroska_made(int fd)
{
    struct ebml info;
    if (!matroska_find(fd, MATROSKA_INFO, &info))
        return (struct matroska_made){0};
    return (struct matroska_made){matroska_text(fd, &info, WRITING_APP), date_in(fd, &info)};
}

void matroska_made_clear(struct matroska_made *made)
{
    g_free(made->app);
    g_free(made->date);
    *made = (struct matroska_made){0};
}

/* --- chapters --- */

struct chapters {
    unsigned chapters, extra_names;
    bool ordered;
};

static unsigned count_in(int fd, const struct ebml *parent, uint32_t id)
{
    unsigned count = 0;
    struct ebml element;
    for (int64_t at = parent->start; ebml_find(fd, at, parent->end, id, &element); at = element.end)
        count++;
    return count;
}

/* With those inside others. */
static void count_chapters(int fd, const struct ebml *parent, int depth, struct chapters *all)
{
    enum { DEPTH_MAX = 8, CHAPTERS_MAX = 10000 };
    struct ebml chapter;
    for (int64_t at = parent->start; depth < DEPTH_MAX && all->chapters < CHAPTERS_MAX &&
                                     ebml_find(fd, at, parent->end, CHAPTER, &chapter);
         at = chapter.end) {
        const unsigned names = count_in(fd, &chapter, CHAPTER_NAME);
        all->chapters++;
        all->extra_names += names > 1 ? names - 1 : 0;
        count_chapters(fd, &chapter, depth + 1, all);
    }
}

static void lose(GPtrArray *rows, unsigned count, const char *what, const char *why)
{
    g_autofree char *words = count > 1 ? g_strdup_printf("%s (%u)", what, count) : g_strdup(what);
    told_drop(rows, KEEP_CHAPTERS, count ? words : NULL, why);
}

static void lost_chapters(int fd, unsigned read, GPtrArray *rows)
{
    struct ebml chapters, edition;
    struct chapters all = {0};
    if (!matroska_find(fd, CHAPTERS, &chapters))
        return;
    for (int64_t at = chapters.start; ebml_find(fd, at, chapters.end, EDITION, &edition);
         at = edition.end) {
        all.ordered |= matroska_number(fd, &edition, EDITION_ORDERED) == 1;
        count_chapters(fd, &edition, 0, &all);
    }
    lose(rows, all.chapters > read ? all.chapters - read : 0,
         "chapters of other editions, or inside others",
         "only those that follow on each other are read");
    lose(rows, all.extra_names, "names of chapters in other languages",
         "only one of each chapter is read");
    lose(rows, all.ordered, "order of an ordered edition",
         "the film is as it is stored, not as its chapters would have it played");
}

void matroska_lost(int fd, const AVFormatContext *format, GPtrArray *rows)
{
    if (!format->iformat || !strstr(format->iformat->name, "matroska"))
        return;
    lost_chapters(fd, format->nb_chapters, rows);
    matroska_lost_tags(fd, format, rows);
}

/* --- tracks --- */

static int pixels(int fd, const struct ebml *video, uint32_t id)
{
    return (int)MIN(matroska_number(fd, video, id), (uint64_t)INT32_MAX / 4);
}

/* libavformat makes no stream of other tracks. */
static bool read_track(int fd, const struct ebml *entry, struct matroska_track *track)
{
    static const struct {
        unsigned type;
        const char *codecs;
        enum AVMediaType media;
    } rows[] = {{1, "V", AVMEDIA_TYPE_VIDEO},
                {2, "A", AVMEDIA_TYPE_AUDIO},
                {0x11, "DS", AVMEDIA_TYPE_UNKNOWN},
                {0x21, "DS", AVMEDIA_TYPE_UNKNOWN}};
    const uint64_t type = matroska_number(fd, entry, TRACK_TYPE);
    g_autofree char *codec = matroska_text(fd, entry, CODEC_ID);
    unsigned row = 0;
    while (row < G_N_ELEMENTS(rows) && rows[row].type != type)
        row++;
    if (row == G_N_ELEMENTS(rows) || !codec || !*codec || !strchr(rows[row].codecs, *codec))
        return false;
    struct ebml video;
    *track = (struct matroska_track){.type = rows[row].media,
                                     .language = matroska_text(fd, entry, MATROSKA_LANGUAGE_BCP47)};
    if (ebml_find(fd, entry->start, entry->end, VIDEO, &video))
        track->crop =
            (struct source_crop){pixels(fd, &video, CROP_LEFT), pixels(fd, &video, CROP_RIGHT),
                                 pixels(fd, &video, CROP_TOP), pixels(fd, &video, CROP_BOTTOM)};
    return true;
}

static bool is_alike(const struct matroska_track *track, const AVStream *stream)
{
    const enum AVMediaType type = stream->codecpar->codec_type;
    const bool media = type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO;
    return track->type == (media ? type : AVMEDIA_TYPE_UNKNOWN);
}

static bool are_alike(const GArray *tracks, const AVFormatContext *format)
{
    if (tracks->len > format->nb_streams)
        return false;
    for (guint i = 0; i < tracks->len; i++)
        if (!is_alike(&g_array_index(tracks, struct matroska_track, i), format->streams[i]))
            return false;
    return true;
}

static void clear_track(gpointer track)
{
    g_free(((struct matroska_track *)track)->language);
}

GArray *matroska_tracks(int fd)
{
    GArray *tracks = g_array_new(FALSE, FALSE, sizeof(struct matroska_track));
    struct ebml all, entry;
    struct matroska_track track;
    g_array_set_clear_func(tracks, clear_track);
    if (!matroska_find_tracks(fd, &all))
        return tracks;
    int64_t at = all.start;
    for (int i = 0; i < TRACKS_MAX && ebml_find(fd, at, all.end, MATROSKA_TRACK, &entry); i++) {
        if (read_track(fd, &entry, &track))
            g_array_append_val(tracks, track);
        at = entry.end;
    }
    return tracks;
}

GArray *matroska_tracks_of(int fd, const AVFormatContext *format)
{
    const bool read = format->iformat && strstr(format->iformat->name, "matroska");
    GArray *tracks = matroska_tracks(read ? fd : -1);
    if (!are_alike(tracks, format))
        g_array_set_size(tracks, 0);
    return tracks;
}
