/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the first pictures of H.264, HEVC and MPEG-2 say beside their samples, which libavformat
 * doesn't look for where a container's header tells all else. */
#include "../bytes/active_format.h"
#include "../bytes/sei.h"
#include "source.h"

#include <libavutil/pixdesc.h>

/* As libavcodec's decoders do. */
static void prefer_transfer(struct source *source, struct source_stream *facts,
                            const AVPacket *packet)
{
    g_autoptr(GByteArray) sei = sei_find(facts->av->codecpar, packet, SEI_TRANSFER);
    const int transfer = sei && sei->len ? sei->data[0] : AVCOL_TRC_UNSPECIFIED;
    if (transfer != AVCOL_TRC_UNSPECIFIED && av_color_transfer_name(transfer))
        source_colors_prefer(source, facts, transfer);
}

/* Read by libavcodec's parser from picture timing (ITU-T H.265, D.3.3, pic_struct 1, 2 and 9 to
 * 12), of whose form its parameter sets tell. */
static enum AVPictureStructure structure_of(const AVCodecParameters *par, const AVPacket *packet)
{
    AVCodecParserContext *parser = av_parser_init(par->codec_id);
    AVCodecContext *context = avcodec_alloc_context3(NULL);
    enum AVPictureStructure structure = AV_PICTURE_STRUCTURE_UNKNOWN;
    uint8_t *data;
    int size;
    if (parser && context && avcodec_parameters_to_context(context, par) >= 0) {
        parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
        av_parser_parse2(parser, context, &data, &size, packet->data, packet->size, packet->pts,
                         packet->dts, packet->pos);
        structure = parser->picture_structure;
    }
    avcodec_free_context(&context);
    av_parser_close(parser);
    return structure;
}

static enum AVFieldOrder single_fields(const AVCodecParameters *par, const AVPacket *packet)
{
    const enum AVPictureStructure structure = par->codec_id == AV_CODEC_ID_HEVC
                                                  ? structure_of(par, packet)
                                                  : AV_PICTURE_STRUCTURE_UNKNOWN;
    return structure == AV_PICTURE_STRUCTURE_TOP_FIELD      ? AV_FIELD_TT
           : structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD ? AV_FIELD_BB
                                                            : AV_FIELD_UNKNOWN;
}

bool source_has_whole_pictures(const struct source_stream *stream, struct failure *failure)
{
    return stream->single == AV_FIELD_UNKNOWN ||
           fail(failure, FAIL_UNSUPPORTED,
                "stream %d: HEVC whose pictures are single fields isn't read yet: copy it (`video: "
                "{codec: copy}`), or make frames of two fields each with another program first",
                stream->index);
}

static bool has_nals(const struct source_stream *facts)
{
    const enum AVCodecID codec = facts->av->codecpar->codec_id;
    return codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC;
}

static bool has_more(const struct source_stream *facts)
{
    return facts->type == AVMEDIA_TYPE_VIDEO &&
           (has_nals(facts) || facts->av->codecpar->codec_id == AV_CODEC_ID_MPEG2VIDEO);
}

void source_read_beside(struct source *source)
{
    for (int i = 0; i < source->count; i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        const AVPacket *packet = has_more(facts) ? source_peek(source, i) : NULL;
        if (!packet)
            continue;
        facts->active_format = active_format_of_packet(packet);
        if (!has_nals(facts))
            continue;
        prefer_transfer(source, facts, packet);
        facts->single = single_fields(facts->av->codecpar, packet);
    }
}
