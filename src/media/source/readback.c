/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers read back. */
#include "media/readback.h"

#include "base/file.h"
#include "base/language.h"
#include "matroska.h"
#include "media/frame.h"
#include "media/io.h"
#include "media/subtitle.h"
#include "media/tag_groups.h"
#include "track_language.h"

#include <sys/mman.h>
#include <unistd.h>

struct readback {
    AVFormatContext *format;
    struct io *io;
    int own; /* its descriptor; -1: the caller's */
};

static bool open_header(struct readback *readback)
{
    struct failure ignored = {0};
    readback->format = avformat_alloc_context();
    if (!readback->format || !io_attach(readback->io, readback->format, &ignored) ||
        avformat_open_input(&readback->format, "", NULL, NULL) < 0) {
        readback->format = readback->format ? readback->format : avformat_alloc_context();
    } else {
        tags_place(readback->format);
    }
    failure_clear(&ignored);
    return readback->format;
}

static struct readback *open_on(struct io *io)
{
    struct readback *readback = g_new0(struct readback, 1);
    readback->io = io;
    readback->own = -1;
    if (readback->io && open_header(readback))
        return readback;
    readback_close(readback);
    return NULL;
}

struct readback *readback_open(int fd)
{
    struct readback *readback = open_on(io_reader(fd));
    if (readback) {
        track_languages(fd, readback->format);
        matroska_place_tags(fd, readback->format);
    }
    return readback;
}

struct readback *readback_open_piece(int fd, int64_t offset, int64_t length)
{
    const struct io_piece piece = {offset, length};
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof piece);
    g_array_append_val(pieces, piece);
    return open_on(io_reader_pieces(fd, pieces));
}

struct readback *readback_open_text(const char *text, size_t length)
{
    const int fd = memfd_create("rushes-text", MFD_CLOEXEC);
    struct readback *readback =
        fd >= 0 && file_write_all(fd, text, length) ? open_on(io_reader(fd)) : NULL;
    if (readback)
        readback->own = fd;
    else if (fd >= 0)
        close(fd);
    return readback;
}

const AVFormatContext *readback_format(const struct readback *readback)
{
    return readback->format;
}

static bool is_default(const AVStream *stream)
{
    return stream->disposition & AV_DISPOSITION_DEFAULT;
}

static bool is_asked(const AVStream *stream, const char *asked, int number)
{
    const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
    if (g_ascii_isdigit(asked[0]))
        return g_ascii_strtoll(asked, NULL, 10) == number;
    return language && language_matches(asked, language->value);
}

int readback_subtitles(const struct readback *readback, const char *asked)
{
    const AVFormatContext *format = readback->format;
    int found = -1, number = 0;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE)
            continue;
        number++;
        if (!subtitle_is_text(subtitle_codec(stream->codecpar)))
            continue;
        if (asked ? found < 0 && is_asked(stream, asked, number)
                  : found < 0 || (is_default(stream) && !is_default(format->streams[found])))
            found = (int)i;
    }
    return found;
}

bool readback_packet(struct readback *readback, int stream, AVPacket *packet)
{
    for (unsigned i = 0; i < readback->format->nb_streams; i++)
        if ((int)i != stream)
            readback->format->streams[i]->discard = AVDISCARD_ALL;
    while (av_read_frame(readback->format, packet) >= 0) {
        if (packet->stream_index == stream)
            return true;
        av_packet_unref(packet);
    }
    return false;
}

int readback_cues(struct readback *readback, double *end_s)
{
    AVPacket *packet = packet_new();
    const bool any = readback->format->iformat; /* of an empty file it is unknown */
    int cues = 0;
    *end_s = 0;
    for (; any && av_read_frame(readback->format, packet) >= 0; av_packet_unref(packet), cues++) {
        AVRational tb = readback->format->streams[packet->stream_index]->time_base;
        *end_s = MAX(*end_s, (double)(packet->pts + packet->duration) * av_q2d(tb));
    }
    av_packet_free(&packet);
    return cues;
}

void readback_close(struct readback *readback)
{
    struct failure ignored = {0};
    if (!readback)
        return;
    if (readback->format && readback->format->iformat)
        avformat_close_input(&readback->format);
    avformat_free_context(readback->format);
    io_close(readback->io, &ignored);
    failure_clear(&ignored);
    if (readback->own >= 0)
        close(readback->own);
    g_free(readback);
}
