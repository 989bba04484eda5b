/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fragments of MOV and MP4: when the first packet of sound is heard in those of libavformat, and
 * how long timed text is shown. */
#include "mov_lengths.h"
#include "source.h"

#include "media/io.h"

#include <string.h>

static bool is_movie(const struct source *source)
{
    return strstr(source->format->iformat->name, "mov") != NULL;
}

/* What packets of a codec last may differ. */
static bool is_uneven(const AVCodecParameters *par)
{
    return par->codec_id == AV_CODEC_ID_VORBIS || av_get_bits_per_sample(par->codec_id) > 0;
}

/* In fragments behind an index that was written first, libavformat's muxer begins each track at 0,
 * whenever that was, with a packet that lasts until the second one (movenc.c: "Track %d starts with
 * a nonzero dts"). It is heard just before that, for as long. False: it isn't so. */
static bool find_first(const struct source *source, AVStream *stream, int64_t *from, int64_t *lasts)
{
    enum { PACKETS = 3 };
    static const double rounding_s = 0.002;
    int64_t at[PACKETS];
    if (!is_movie(source) || stream->nb_frames > 0 ||
        stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || is_uneven(stream->codecpar) ||
        avformat_index_get_entries_count(stream) < PACKETS)
        return false;
    for (int i = 0; i < PACKETS; i++)
        at[i] = avformat_index_get_entry(stream, i)->timestamp;
    const int64_t usual = at[2] - at[1], hole = at[1] - usual;
    if (at[0] != 0 || usual <= 0 || (double)hole * av_q2d(stream->time_base) <= rounding_s)
        return false;
    *from = hole;
    *lasts = usual;
    return true;
}

static int64_t earliest_us(const AVFormatContext *format)
{
    int64_t earliest = INT64_MAX;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        if (stream->start_time != AV_NOPTS_VALUE)
            earliest =
                MIN(earliest, av_rescale_q(stream->start_time, stream->time_base, AV_TIME_BASE_Q));
    }
    return earliest;
}

void source_fragments_begin(struct source *source)
{
    AVFormatContext *format = source->format;
    bool mended = false;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        int64_t from, lasts;
        if (!find_first(source, stream, &from, &lasts))
            continue;
        stream->start_time = from;
        stream->duration -= stream->duration > from ? from : 0;
        mended = true;
    }
    const int64_t later_us = mended && format->start_time != AV_NOPTS_VALUE
                                 ? earliest_us(format) - format->start_time
                                 : 0;
    if (later_us > 0 && format->duration > later_us) {
        format->start_time += later_us;
        format->duration -= later_us;
    }
}

/* libavformat keeps when samples begin. The next may come much later than this one ends, as in the
 * fragments that it writes itself. */
static void set_length(struct source *source, AVPacket *packet)
{
    const AVStream *stream = source->format->streams[packet->stream_index];
    struct track *track = &source->tracks[packet->stream_index];
    if (!track->lengths)
        track->lengths = mov_lengths(source->fd, io_size(source->io), stream->id);
    packet->duration = mov_length_at(track->lengths, packet->dts);
}

void source_fragments_demuxed(struct source *source, AVPacket *packet)
{
    AVStream *stream = source->format->streams[packet->stream_index];
    if (packet->dts == 0 && find_first(source, stream, &packet->pts, &packet->duration))
        packet->dts = packet->pts;
    if (is_movie(source) && stream->codecpar->codec_id == AV_CODEC_ID_MOV_TEXT &&
        packet->duration <= 0 && packet->stream_index < source->count)
        set_length(source, packet);
}
