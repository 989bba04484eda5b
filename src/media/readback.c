/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers read back. */
#include "media/readback.h"

#include "media/frame.h"
#include "media/io.h"

struct readback {
    AVFormatContext *format;
    struct io *io;
};

static bool open_header(struct readback *readback)
{
    struct failure ignored = {0};
    readback->format = avformat_alloc_context();
    if (!readback->format || !io_attach(readback->io, readback->format, &ignored) ||
        avformat_open_input(&readback->format, "", NULL, NULL) < 0)
        readback->format = readback->format ? readback->format : avformat_alloc_context();
    failure_clear(&ignored);
    return readback->format;
}

struct readback *readback_open(int fd)
{
    struct readback *readback = g_new0(struct readback, 1);
    readback->io = io_reader(fd);
    if (readback->io && open_header(readback))
        return readback;
    readback_close(readback);
    return NULL;
}

const AVFormatContext *readback_format(const struct readback *readback)
{
    return readback->format;
}

int readback_cues(struct readback *readback, double *end_s)
{
    AVPacket *packet = packet_new();
    int cues = 0;
    *end_s = 0;
    for (; av_read_frame(readback->format, packet) >= 0; av_packet_unref(packet), cues++) {
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
    g_free(readback);
}
