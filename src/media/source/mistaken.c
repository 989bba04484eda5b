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

void source_find_codecs(struct source *source)
{
    enum { TAG = 0x2000 };
    for (int i = 0; i < source->count; i++) {
        AVCodecParameters *par = source->tracks[i].facts.av->codecpar;
        if (par->codec_id == AV_CODEC_ID_AC3 && par->codec_tag == TAG &&
            is_eac3(source_peek(source, i)))
            par->codec_id = AV_CODEC_ID_EAC3;
    }
}

/* The end of a sequence of Dirac and VC-2 (SMPTE ST 2042-1, 10.5: parse info), which a transport
 * stream has behind its last picture. */
bool source_is_mere_end(const AVStream *stream, const AVPacket *packet)
{
    enum { PARSE_INFO = 13, CODE_AT = 4, END_OF_SEQUENCE = 0x10 };
    return stream->codecpar->codec_id == AV_CODEC_ID_DIRAC && packet->size == PARSE_INFO &&
           AV_RB32(packet->data) == MKBETAG('B', 'B', 'C', 'D') &&
           packet->data[CODE_AT] == END_OF_SEQUENCE;
}
