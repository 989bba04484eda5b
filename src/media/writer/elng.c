/* SPDX-License-Identifier: GPL-3.0-or-later
 * The extended language of sound and subtitles in MOV and MP4 (`elng`, ISO/IEC 14496-12, 8.4.6),
 * which libavformat doesn't write. It writes the name of a handler as it is told: in the finished
 * file what is too long of that becomes a box of its own; all sizes around it stay. A picture's
 * name goes into its timecode as well, and its language is hardly ever more than a code. */
#include "../bytes/box.h"
#include "base/language.h"
#include "private.h"

#include <libavutil/intreadwrite.h>
#include <unistd.h>

/* Of the handler's body (8.4.3): its name begins with its length in QuickTime, and ends with a zero
 * in MP4. */
enum { HEADER = 8, VERSION = 4, NAME_AT = 24, MOST = 256, TAG_MOST = 100 };

static size_t box_bytes(const char *language)
{
    return HEADER + VERSION + strlen(language) + 1;
}

void writer_elng_begin(AVStream *stream, struct track *track, const char *full)
{
    const enum AVMediaType type = stream->codecpar->codec_type;
    const char *handler = type == AVMEDIA_TYPE_AUDIO      ? "SoundHandler"
                          : type == AVMEDIA_TYPE_SUBTITLE ? "SubtitleHandler"
                                                          : NULL;
    if (!handler || !strchr(full, '-') || strlen(full) > TAG_MOST)
        return;
    g_autofree char *room = g_strnfill(box_bytes(full), ' ');
    g_autofree char *name = g_strconcat(handler, room, NULL);
    av_dict_set(&stream->metadata, "handler_name", name, 0);
    track->language = full;
}

static void fill(uint8_t *box, const char *language)
{
    memset(box, 0, box_bytes(language));
    AV_WB32(box, (uint32_t)box_bytes(language));
    memcpy(box + 4, "elng", 4);
    memcpy(box + HEADER + VERSION, language, strlen(language));
}

bool writer_elng_end(const struct writer *writer, const struct track *track, const struct box *box)
{
    static const char *const path[] = {"mdia", "hdlr", NULL};
    struct box handler = *box;
    uint8_t data[MOST];
    if (!track->language || !box_descend(writer->fd, &handler, path))
        return true;
    const int64_t from = handler.start - HEADER;
    const size_t length = (size_t)(handler.end - from), room = box_bytes(track->language);
    if (length > sizeof data || length <= HEADER + NAME_AT + room ||
        !file_read_at(writer->fd, from, data, length))
        return false;
    AV_WB32(data, (uint32_t)(length - room));
    if (writer_is(writer, "mov"))
        data[HEADER + NAME_AT] = (uint8_t)(data[HEADER + NAME_AT] - room);
    else
        data[length - room - 1] = 0;
    fill(data + length - room, track->language);
    return pwrite(writer->fd, data, length, from) == (ssize_t)length;
}
