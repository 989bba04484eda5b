/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed captions found. */
#include "media/captions.h"

#include "../source/source.h"
#include "media/frame.h"

#include <string.h>

enum { VALID = 0x04, TYPE = 0x03, LETTER = 0x7f }; /* of a triplet, and of its bytes, with parity */

unsigned captions_of_triplets(const uint8_t *data, size_t size)
{
    unsigned found = CAPTIONS_NONE;
    for (size_t i = 0; i + 3 <= size; i += 3)
        if (data[i] & VALID)
            found |= (data[i] & TYPE) < 2 ? CAPTIONS_608 : CAPTIONS_708;
    return found;
}

unsigned captions_of_frame(const AVFrame *frame)
{
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC);
    return data ? captions_of_triplets(data->data, data->size) : CAPTIONS_NONE;
}

void captions_take(AVFrame *frame, const AVFrame *from)
{
    const AVFrameSideData *data = from ? av_frame_get_side_data(from, AV_FRAME_DATA_A53_CC) : NULL;
    AVBufferRef *words = data ? frame_there(av_buffer_ref(data->buf)) : NULL;
    av_frame_remove_side_data(frame, AV_FRAME_DATA_A53_CC);
    if (words)
        frame_there(av_frame_new_side_data_from_buf(frame, AV_FRAME_DATA_A53_CC, words));
}

/* All of a type are removed at once. */
void captions_alone(AVFrame *frame)
{
    for (int i = 0; i < frame->nb_side_data;)
        if (frame->side_data[i]->type == AV_FRAME_DATA_A53_CC)
            i++;
        else
            av_frame_remove_side_data(frame, frame->side_data[i]->type);
}

/* "GA94", the type, flags with the count of triplets, a byte of ones, the triplets. */
unsigned captions_of_packet(const AVPacket *packet)
{
    static const uint8_t sign[] = {'G', 'A', '9', '4', 3};
    enum { HEAD = sizeof sign + 2, COUNT = 0x1f };
    const uint8_t *at =
        packet->size > 0 ? memmem(packet->data, (size_t)packet->size, sign, sizeof sign) : NULL;
    size_t left = at ? (size_t)(packet->data + packet->size - at) : 0;
    if (left < HEAD)
        return CAPTIONS_NONE;
    size_t size = 3 * (size_t)(at[sizeof sign] & COUNT);
    return captions_of_triplets(at + HEAD, MIN(size, left - HEAD));
}

bool captions_is_track(const AVCodecParameters *par)
{
    return par->codec_type == AVMEDIA_TYPE_SUBTITLE && par->codec_id == AV_CODEC_ID_EIA_608;
}

bool captions_is_null(const AVPacket *packet)
{
    for (int i = 0; i + 3 <= packet->size; i += 3)
        if ((packet->data[i + 1] | packet->data[i + 2]) & LETTER)
            return false;
    return true;
}

static bool cut_second(AVPacket *packet)
{
    enum { HEAD = 12, SIZE_AT = 5 };
    static const uint8_t head[HEAD] = {0xfc, 0, 0, 0xfc, 0, 0, 0xfc, 'c', 'd', 0xfc, 't', '2'};
    for (int i = 0; i + HEAD <= packet->size; i += 3)
        if (!memcmp(packet->data + i, head, SIZE_AT) &&
            !memcmp(packet->data + i + SIZE_AT + 1, head + SIZE_AT + 1, HEAD - SIZE_AT - 1)) {
            packet->size = i;
            return true;
        }
    return false;
}

/* Nulls of the second field say nothing; there are none of CEA-708. */
static bool has_others(const AVPacket *packet)
{
    for (int i = 0; i + 3 <= packet->size; i += 3) {
        const uint8_t *triplet = packet->data + i;
        const int type = triplet[0] & TYPE;
        if (triplet[0] & VALID && type && (type > 1 || (triplet[1] | triplet[2]) & LETTER))
            return true;
    }
    return false;
}

bool captions_leave_first(AVPacket *packet)
{
    return cut_second(packet) || has_others(packet);
}

static unsigned in_picture(struct source *source)
{
    enum { PACKETS = 48, BYTES = 8 << 20 };
    const struct source_stream *picture =
        source->picture < 0 ? NULL : &source->tracks[source->picture].facts;
    enum AVCodecID codec = picture ? picture->av->codecpar->codec_id : AV_CODEC_ID_NONE;
    unsigned found = CAPTIONS_NONE;
    if (codec != AV_CODEC_ID_H264 && codec != AV_CODEC_ID_HEVC && codec != AV_CODEC_ID_MPEG2VIDEO)
        return found;
    source_read_ahead(source, PACKETS, BYTES);
    for (GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index == picture->index)
            found |= captions_of_packet(packet);
    }
    return found;
}

unsigned source_captions(struct source *source)
{
    unsigned found = in_picture(source);
    for (int i = 0; i < source_streams(source); i++)
        if (captions_is_track(source_stream(source, i)->av->codecpar))
            found |= CAPTIONS_TRACK;
    return found;
}

bool captions_are_encoded(const char *encoder)
{
    return strcmp(encoder, "libx264") == 0 || strcmp(encoder, "libx265") == 0 ||
           strcmp(encoder, "mpeg2video") == 0;
}
