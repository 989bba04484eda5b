/* SPDX-License-Identifier: GPL-3.0-or-later
 * The reference from a picture to the chapters of a MOV or MP4. */
#include "../bytes/box.h"
#include "private.h"

#include <libavutil/intreadwrite.h>
#include <string.h>
#include <unistd.h>

/* libavformat writes one reference a track, and that to the timecode takes the place of that to the
 * chapters. The name of the picture's handler gives up its letters for the second one, so that the
 * track stays as long as it is. A handler's name (ISO/IEC 14496-12, 8.4.3) begins with its length
 * in QuickTime, and ends with a zero in MP4: 0 alone is none in both. */
enum {
    HEADER = 8,
    REFERENCE = 12, /* 8.3.3: size, type and one number */
    NAME_AT = 24,
    NAME = REFERENCE + 1, /* "VideoHandler" */
    MOST = 512
};

static bool is_handled_as(int fd, const struct box *track, const char *type)
{
    static const char *const path[] = {"mdia", "hdlr", NULL};
    struct box box = *track;
    char found[4];
    return box_descend(fd, &box, path) && file_read_at(fd, box.start + 8, found, sizeof found) &&
           memcmp(found, type, sizeof found) == 0;
}

/* The number of the track that holds the chapters as text; 0: there is none. Subtitles are handled
 * as "sbtl". */
static unsigned chapters_number(int fd, const struct box *movie)
{
    struct box track, header;
    uint8_t version = 0, number[4] = {0};
    for (int64_t at = movie->start; box_find(fd, at, movie->end, "trak", &track); at = track.end)
        if (is_handled_as(fd, &track, "text") &&
            box_find(fd, track.start, track.end, "tkhd", &header) &&
            file_read_at(fd, header.start, &version, 1) &&
            file_read_at(fd, header.start + (version == 1 ? 20 : 12), number, sizeof number))
            return AV_RB32(number);
    return 0;
}

static void lengthen(uint8_t *size, int by)
{
    AV_WB32(size, AV_RB32(size) + (uint32_t)by);
}

/* The references, and behind them the media down to the handler, if they are as libavformat writes
 * them. */
static bool find(int fd, const struct box *track, struct box *references, struct box *media,
                 struct box *handler)
{
    char type[4];
    return box_find(fd, track->start, track->end, "tref", references) &&
           references->end - references->start == REFERENCE &&
           file_read_at(fd, references->start + 4, type, sizeof type) &&
           memcmp(type, "tmcd", sizeof type) == 0 &&
           box_read(fd, references->end, track->end, media) && strcmp(media->type, "mdia") == 0 &&
           box_find(fd, media->start, media->end, "hdlr", handler) &&
           handler->end - handler->start == NAME_AT + NAME;
}

static bool refer(int fd, const struct box *track, unsigned number)
{
    struct box references, media, handler;
    uint8_t old[MOST], new[MOST];
    if (!find(fd, track, &references, &media, &handler))
        return true;
    int64_t from = references.start - HEADER;
    size_t length = (size_t)(handler.end - from), before = HEADER + REFERENCE;
    if (length > sizeof old || !file_read_at(fd, from, old, length))
        return true;
    memcpy(new, old, before);
    AV_WB32(new + before, REFERENCE);
    memcpy(new + before + 4, "chap", 4);
    AV_WB32(new + before + HEADER, number);
    memcpy(new + before + REFERENCE, old + before, length - before - NAME);
    new[length - 1] = 0;
    lengthen(new, REFERENCE);
    lengthen(new + before + REFERENCE, -REFERENCE);
    lengthen(new + (handler.start - HEADER - from) + REFERENCE, -REFERENCE);
    return pwrite(fd, new, length, from) == (ssize_t)length;
}

bool writer_mend_chapters(int fd, const struct box *movie)
{
    struct box track;
    unsigned number = chapters_number(fd, movie);
    bool mended = true;
    for (int64_t at = movie->start;
         number && mended && box_find(fd, at, movie->end, "trak", &track); at = track.end)
        if (is_handled_as(fd, &track, "vide"))
            mended = refer(fd, &track, number);
    return mended;
}
