/* SPDX-License-Identifier: GPL-3.0-or-later
 * Languages of tracks. */
#include "track_language.h"

#include "../bytes/box.h"
#include "base/language.h"
#include "matroska.h"

#include <libavutil/intreadwrite.h>
#include <string.h>
#include <sys/stat.h>

enum { TRACKS_MAX = 1000 };

/* What is known in another form stays in that. */
static void set_language(AVStream *stream, const char *tag)
{
    const AVDictionaryEntry *said = av_dict_get(stream->metadata, "language", NULL, 0);
    const char *full = language_full(tag);
    if (g_strcmp0(language_full(said ? said->value : NULL), full) != 0)
        av_dict_set(&stream->metadata, "language", full, 0);
}

static void read_matroska(int fd, AVFormatContext *format)
{
    g_autoptr(GArray) tracks = matroska_tracks_of(fd, format);
    for (guint i = 0; i < tracks->len; i++) {
        const char *tag = g_array_index(tracks, struct matroska_track, i).language;
        if (tag)
            set_language(format->streams[i], tag);
    }
}

/* Of a track, by its header (8.3.2), whose times have 32 or 64 bits. */
static AVStream *stream_of(int fd, const AVFormatContext *format, const struct box *track)
{
    struct box header;
    uint8_t data[24];
    if (!box_find(fd, track->start, track->end, "tkhd", &header) ||
        !file_read_at(fd, header.start, data, sizeof data))
        return NULL;
    const int id = (int)AV_RB32(data + (data[0] == 1 ? 20 : 12));
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (format->streams[i]->id == id)
            return format->streams[i];
    return NULL;
}

static void read_track(int fd, const AVFormatContext *format, const struct box *track)
{
    static const char *const path[] = {"mdia", "elng", NULL};
    enum { VERSION = 4, LONGEST = 255 };
    struct box box = *track;
    char tag[LONGEST + 1] = {0};
    AVStream *stream = box_descend(fd, &box, path) ? stream_of(fd, format, track) : NULL;
    const int64_t length = box.end - box.start - VERSION;
    if (stream && length > 0 && length <= LONGEST &&
        file_read_at(fd, box.start + VERSION, tag, (size_t)length))
        set_language(stream, tag);
}

static void read_movie(int fd, const AVFormatContext *format)
{
    struct stat file;
    struct box movie, track;
    if (fstat(fd, &file) != 0 || !box_find(fd, 0, file.st_size, "moov", &movie))
        return;
    int64_t at = movie.start;
    for (int i = 0; i < TRACKS_MAX && box_find(fd, at, movie.end, "trak", &track); i++) {
        read_track(fd, format, &track);
        at = track.end;
    }
}

void track_languages(int fd, AVFormatContext *format)
{
    const char *name = format->iformat ? format->iformat->name : "";
    if (strstr(name, "matroska"))
        read_matroska(fd, format);
    else if (g_str_has_prefix(name, "mov,"))
        read_movie(fd, format);
}
