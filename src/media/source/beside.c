/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the first pictures of H.264 and HEVC say beside their samples, which libavformat doesn't
 * look for where a container's header tells all else. */
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

static bool is_told_so(const struct source_stream *facts)
{
    const enum AVCodecID codec = facts->av->codecpar->codec_id;
    return facts->type == AVMEDIA_TYPE_VIDEO &&
           (codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC);
}

void source_read_beside(struct source *source)
{
    for (int i = 0; i < source->count; i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        const AVPacket *packet = is_told_so(facts) ? source_peek(source, i) : NULL;
        if (packet)
            prefer_transfer(source, facts, packet);
    }
}
