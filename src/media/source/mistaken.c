/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat takes for something else: a codec for its like, an end for a picture. */
#include "source.h"

#include <libavutil/intreadwrite.h>

/* Of E-AC-3 (ETSI TS 102 366, E.1.3.1.6: bsid, above 10), which has the tag of AC-3 in NUT, AVI
 * and WAV. */
static bool is_eac3(const AVPacket *packet)
{
    enum { SYNC = 0x0b77, BSID_AT = 5, AC3_MOST = 10 };
    return packet && packet->size > BSID_AT && AV_RB16(packet->data) == SYNC &&
           packet->data[BSID_AT] >> 3 > AC3_MOST;
}

/* Of MPEG audio (ISO/IEC 11172-3, 2.4.2.3: layer), of which MP4 says no more than that. */
static bool is_layer_2(const AVPacket *packet)
{
    enum { SYNC = 0xffe0, LAYER_2 = 2 };
    return packet && packet->size >= 4 && (AV_RB16(packet->data) & SYNC) == SYNC &&
           (packet->data[1] >> 1 & 3) == LAYER_2;
}

static const struct {
    enum AVCodecID told, is;
    uint32_t tag;
    bool (*shows)(const AVPacket *first);
} rows[] = {{AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3, 0x2000, is_eac3},
            {AV_CODEC_ID_MP3, AV_CODEC_ID_MP2, MKTAG('m', 'p', '4', 'a'), is_layer_2}};

void source_find_codecs(struct source *source)
{
    for (int i = 0; i < source->count; i++) {
        AVCodecParameters *par = source->tracks[i].facts.av->codecpar;
        for (unsigned k = 0; k < G_N_ELEMENTS(rows); k++)
            if (par->codec_id == rows[k].told && par->codec_tag == rows[k].tag &&
                rows[k].shows(source_peek(source, i)))
                par->codec_id = rows[k].is;
    }
}

/* The end of a sequence of Dirac and VC-2 (SMPTE ST 2042-1, 10.5: parse info), which a transport
 * stream has behind its last picture. */
static bool is_mere_end(const AVStream *stream, const AVPacket *packet)
{
    enum { PARSE_INFO = 13, CODE_AT = 4, END_OF_SEQUENCE = 0x10 };
    return stream->codecpar->codec_id == AV_CODEC_ID_DIRAC && packet->size == PARSE_INFO &&
           AV_RB32(packet->data) == MKBETAG('B', 'B', 'C', 'D') &&
           packet->data[CODE_AT] == END_OF_SEQUENCE;
}

int source_read_packet(AVFormatContext *format, AVPacket *packet)
{
    int error = av_read_frame(format, packet);
    while (error >= 0 && is_mere_end(format->streams[packet->stream_index], packet)) {
        av_packet_unref(packet);
        error = av_read_frame(format, packet);
    }
    return error;
}
