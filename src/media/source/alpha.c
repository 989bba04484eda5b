/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transparency of VP8 and VP9. libavcodec's own decoders pass over it; those of libvpx don't, and
 * have it for 8 bits at 4:2:0. */
#include "source.h"

#include <libavutil/intreadwrite.h>
#include <string.h>

static const AVCodec *decoder_with_alpha(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_VP8   ? avcodec_find_decoder_by_name("libvpx")
           : codec == AV_CODEC_ID_VP9 ? avcodec_find_decoder_by_name("libvpx-vp9")
                                      : NULL;
}

static bool is_said(const AVStream *stream)
{
    const AVDictionaryEntry *mode = av_dict_get(stream->metadata, "alpha_mode", NULL, 0);
    return mode && !strcmp(mode->value, "1") && stream->codecpar->format == AV_PIX_FMT_YUV420P &&
           decoder_with_alpha(stream->codecpar->codec_id);
}

/* libavformat puts the ID, of 8 bytes, before what is added. */
static bool has_alpha(const AVPacket *packet)
{
    size_t size = 0;
    const uint8_t *added =
        av_packet_get_side_data(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, &size);
    return added && size > 8 && AV_RB64(added) == 1;
}

/* A header may say so of a picture without: the first packets tell. */
static bool is_there(struct source *source, const AVStream *stream)
{
    enum { PACKETS = 48, BYTES = 8 << 20 };
    source_read_ahead(source, PACKETS, BYTES);
    for (GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index == stream->index && has_alpha(packet))
            return true;
    }
    return false;
}

void source_find_alpha(struct source *source)
{
    for (int i = 0; i < source->count; i++) {
        AVStream *stream = source->format->streams[i];
        if (!is_said(stream))
            continue;
        if (is_there(source, stream))
            stream->codecpar->format = AV_PIX_FMT_YUVA420P;
        else
            av_dict_set(&stream->metadata, "alpha_mode", NULL, 0);
    }
}

const AVCodec *source_decoder(const AVCodecParameters *par)
{
    const AVCodec *other =
        par->format == AV_PIX_FMT_YUVA420P ? decoder_with_alpha(par->codec_id) : NULL;
    return other ? other : avcodec_find_decoder(par->codec_id);
}

AVCodecContext *source_decoder_beside(const AVCodecParameters *par)
{
    const AVCodec *codec = source_decoder(par);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder || avcodec_parameters_to_context(decoder, par) < 0 ||
        avcodec_open2(decoder, codec, NULL) < 0)
        avcodec_free_context(&decoder);
    return decoder;
}
