/* SPDX-License-Identifier: GPL-3.0-or-later
 * The timecode within pictures of H.264 and HEVC. */
#include "../bytes/sei.h"
#include "base/timecode.h"
#include "media/frame.h"
#include "source.h"

#include <math.h>
#include <string.h>

/* Picture timing of H.264 (D.1.3) is in most streams, and with a time of day in it has 41 bits. */
static bool has_clock(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { BYTES_LEAST = 6 };
    const bool h264 = par->codec_id == AV_CODEC_ID_H264;
    g_autoptr(GByteArray) sei = sei_find(par, packet, h264 ? SEI_PIC_TIMING : SEI_TIME_CODE);
    return sei && (!h264 || sei->len >= BYTES_LEAST);
}

static const AVPacket *first_key(struct source *source, int stream)
{
    enum { PACKETS = 48, BYTES = 8 << 20 };
    source_read_ahead(source, PACKETS, BYTES);
    for (const GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index == stream && packet->flags & AV_PKT_FLAG_KEY)
            return packet;
    }
    return NULL;
}

/* By libavcodec's decoder, which counts the frames of a second by the rate that it is told. */
static char *clock_of(const struct source_stream *facts, const AVPacket *packet)
{
    const AVCodecParameters *par = facts->av->codecpar;
    const AVCodec *codec = source_decoder(par);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    AVFrame *frame = frame_new();
    char *text = NULL;
    if (decoder && avcodec_parameters_to_context(decoder, par) >= 0) {
        decoder->framerate = av_make_q((int)facts->fps.num, (int)facts->fps.den);
        if (avcodec_open2(decoder, codec, NULL) >= 0 && avcodec_send_packet(decoder, packet) >= 0 &&
            avcodec_send_packet(decoder, NULL) >= 0 && avcodec_receive_frame(decoder, frame) >= 0) {
            const AVDictionaryEntry *label = av_dict_get(frame->metadata, "timecode", NULL, 0);
            text = label ? g_strdup(label->value) : NULL;
        }
    }
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return text;
}

/* So many frames the packet is behind the stream's start. */
static int64_t frames_behind(const struct source_stream *facts, const AVPacket *packet)
{
    const AVStream *stream = facts->av;
    if (packet->pts == AV_NOPTS_VALUE || stream->start_time == AV_NOPTS_VALUE)
        return 0;
    const double behind_s = (double)(packet->pts - stream->start_time) * av_q2d(stream->time_base);
    return llround(behind_s * rational_value(facts->fps));
}

static bool is_zero(const char *label)
{
    return strspn(label, "0:;") == strlen(label);
}

char *source_clock(struct source *source)
{
    const struct source_stream *facts =
        source->picture < 0 ? NULL : &source->tracks[source->picture].facts;
    const enum AVCodecID codec = facts ? facts->av->codecpar->codec_id : AV_CODEC_ID_NONE;
    if ((codec != AV_CODEC_ID_H264 && codec != AV_CODEC_ID_HEVC) || facts->fps.num <= 0)
        return NULL;
    const AVPacket *packet = first_key(source, facts->index);
    g_autofree char *label =
        packet && has_clock(facts->av->codecpar, packet) ? clock_of(facts, packet) : NULL;
    struct timecode first;
    if (!label || is_zero(label) || !timecode_parse(label, facts->fps, &first))
        return NULL;
    first.frame -= frames_behind(facts, packet);
    return timecode_text(first);
}
