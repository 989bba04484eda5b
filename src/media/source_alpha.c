/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transparency of VP8 and VP9. libavcodec's own decoders pass over it; those of libvpx don't, and
 * have it for 8 bits at 4:2:0. */
#include "source.h"

#include <string.h>

static const AVCodec *decoder_with_alpha(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_VP8   ? avcodec_find_decoder_by_name("libvpx")
           : codec == AV_CODEC_ID_VP9 ? avcodec_find_decoder_by_name("libvpx-vp9")
                                      : NULL;
}

void source_find_alpha(AVStream *stream)
{
    const AVDictionaryEntry *mode = av_dict_get(stream->metadata, "alpha_mode", NULL, 0);
    if (mode && !strcmp(mode->value, "1") && stream->codecpar->format == AV_PIX_FMT_YUV420P &&
        decoder_with_alpha(stream->codecpar->codec_id))
        stream->codecpar->format = AV_PIX_FMT_YUVA420P;
}

const AVCodec *source_decoder(const AVCodecParameters *par)
{
    const AVCodec *other =
        par->format == AV_PIX_FMT_YUVA420P ? decoder_with_alpha(par->codec_id) : NULL;
    return other ? other : avcodec_find_decoder(par->codec_id);
}
