/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures of single fields. A packet is a whole picture with us, while of H.264 libavformat's
 * parser, and with it what FFmpeg writes, has one for each field (ITU-T H.264, 3.30: complementary
 * field pairs). Which comes first the parser doesn't tell of H.264 in MP4, and of MPEG-2 it tells
 * bottom first, since top_field_first is 0 in single fields (ISO/IEC 13818-2, 6.3.10). */
#include "source.h"

#include "../cut/h264_slice.h"
#include "media/frame.h"

#include <string.h>

static void begin_order(struct track *track)
{
    for (int i = 0; i <= PICTURES_HELD_MOST; i++)
        track->shown_next[i] = AV_NOPTS_VALUE;
}

void source_fields_begin(struct track *track)
{
    const AVCodecParameters *par = track->facts.av->codecpar;
    track->may_be_fields = par->codec_id == AV_CODEC_ID_H264 && h264_may_be_fields(par);
    begin_order(track);
}

static bool is_field(const struct source *source, const AVPacket *packet, struct h264_field *field)
{
    const int stream = packet->stream_index;
    return stream < source->count && source->tracks[stream].may_be_fields &&
           h264_only_field(source->tracks[stream].facts.av->codecpar, packet, field);
}

static bool are_pair(const struct h264_field *first, const struct h264_field *second)
{
    return first->bottom != second->bottom && first->frame_num == second->frame_num && !second->idr;
}

/* The next of the track among those that wait, or that are read for it; NULL: there is none near.
 */
static GList *find_next(struct source *source, int stream)
{
    enum { WAITING_MOST = 500, BYTES_MOST = 32 << 20 };
    int64_t bytes = 0;
    for (GList *at = source->waiting.head; at; at = at->next)
        if (((AVPacket *)at->data)->stream_index == stream)
            return at;
    while (source->waiting_error >= 0 && source->waiting.length < WAITING_MOST &&
           bytes < BYTES_MOST) {
        AVPacket *packet = packet_new();
        source->waiting_error = source_read_packet(source->format, packet);
        if (source->waiting_error < 0) {
            av_packet_free(&packet);
            break;
        }
        bytes += packet->size;
        g_queue_push_tail(&source->waiting, packet);
        if (packet->stream_index == stream)
            return source->waiting.tail;
    }
    return NULL;
}

/* Of both: as long again as it is from one to the other; containers may give each field's packet
 * the length of a picture. */
static int64_t duration_of(const AVPacket *first, const AVPacket *second)
{
    const bool timed = first->pts != AV_NOPTS_VALUE && second->pts > first->pts;
    return first->duration <= 0 ? 0
           : timed              ? 2 * (second->pts - first->pts)
                                : first->duration + second->duration;
}

static bool append(AVPacket *first, const AVPacket *second)
{
    const int size = first->size;
    if (av_grow_packet(first, second->size) < 0)
        return false;
    memcpy(first->data + size, second->data, (size_t)second->size);
    first->duration = duration_of(first, second);
    first->flags |= second->flags & AV_PKT_FLAG_CORRUPT;
    return true;
}

static int take(struct source *source, AVPacket *packet)
{
    AVPacket *waits = g_queue_pop_head(&source->waiting);
    const int error = source->waiting_error;
    if (waits) {
        av_packet_move_ref(packet, waits);
        av_packet_free(&waits);
        return 0;
    }
    source->waiting_error = 0;
    return error < 0 ? error : source_read_packet(source->format, packet);
}

static void drop_next(struct source *source, GList *next)
{
    source_packet_free(next->data);
    g_queue_delete_link(&source->waiting, next);
}

/* The other field of its picture is lost: decoders show nothing of it. The next one, which is met
 * instead, tells of the damage. */
static void pass_over(struct source *source, AVPacket *lone, GList *next)
{
    av_packet_unref(lone);
    av_packet_move_ref(lone, next->data);
    lone->flags |= AV_PKT_FLAG_CORRUPT;
    drop_next(source, next);
}

/* Puts both fields of a picture together. Where no two have been a pair yet, a field alone may be a
 * picture; and one that isn't told of may be the other field. */
static bool pair(struct source *source, AVPacket *packet)
{
    struct track *track = &source->tracks[packet->stream_index];
    struct h264_field first, second;
    while (is_field(source, packet, &first)) {
        GList *next = find_next(source, packet->stream_index);
        const bool paired =
            next && is_field(source, next->data, &second) && are_pair(&first, &second);
        if (!next || (!paired &&
                      (track->pairs == 0 || !h264_is_told(track->facts.av->codecpar, next->data))))
            return true;
        track->pairs++;
        if (!paired) {
            pass_over(source, packet, next);
            continue;
        }
        const bool appended = append(packet, next->data);
        drop_next(source, next);
        return appended;
    }
    return true;
}

/* Matroska says when pictures are shown; when they are decoded libavformat has made of fields. A
 * picture is decoded when the earliest of those that are held back is shown. */
static int64_t decoded_at(struct track *track, int64_t pts)
{
    const int delay = CLAMP(track->facts.av->codecpar->video_delay, 0, PICTURES_HELD_MOST);
    int64_t *next = track->shown_next;
    next[0] = pts;
    for (int i = 0; i < delay && next[i] > next[i + 1]; i++) {
        next[i] = next[i + 1];
        next[i + 1] = pts;
    }
    return next[0];
}

int source_fields_read(struct source *source, AVPacket *packet)
{
    const int error = take(source, packet);
    if (error < 0 || packet->stream_index >= source->count)
        return error;
    struct track *track = &source->tracks[packet->stream_index];
    if (!track->may_be_fields)
        return 0;
    if (!pair(source, packet))
        return AVERROR(ENOMEM);
    const int64_t at = decoded_at(track, packet->pts);
    if (track->pairs && strstr(source->health.container, "matroska"))
        packet->dts = at;
    return 0;
}

void source_fields_forget(struct source *source)
{
    for (int i = 0; i < source->count; i++)
        begin_order(&source->tracks[i]);
    g_queue_clear_full(&source->waiting, source_packet_free);
    source->waiting_error = 0;
}

/* picture_structure of the first coded picture (ISO/IEC 13818-2, 6.2.3.1); -1: there is none. */
static int mpeg2_structure(const AVPacket *packet)
{
    enum { EXTENSION = 0xb5, CODING = 8, SIZE = 9 };
    for (const uint8_t *at = packet->data; packet->size - (at - packet->data) >= SIZE; at++)
        if (!at[0] && !at[1] && at[2] == 1 && at[3] == EXTENSION && at[4] >> 4 == CODING)
            return at[6] & 3;
    return -1;
}

static enum AVFieldOrder mpeg2_order(const AVCodecParameters *par, const AVPacket *packet)
{
    enum { TOP_FIELD = 1 };
    return mpeg2_structure(packet) == TOP_FIELD ? AV_FIELD_TT : par->field_order;
}

static enum AVFieldOrder h264_order(const AVCodecParameters *par, const AVPacket *packet)
{
    struct h264_field first;
    return !h264_first_field(par, packet, &first) ? par->field_order
           : first.bottom                         ? AV_FIELD_BB
                                                  : AV_FIELD_TT;
}

void source_find_fields(struct source *source)
{
    if (source->picture < 0)
        return;
    AVCodecParameters *par = source->format->streams[source->picture]->codecpar;
    const bool mpeg2 = par->codec_id == AV_CODEC_ID_MPEG2VIDEO && par->field_order == AV_FIELD_BB;
    const bool h264 =
        source->tracks[source->picture].may_be_fields && par->field_order == AV_FIELD_UNKNOWN;
    const AVPacket *first = mpeg2 || h264 ? source_peek(source, source->picture) : NULL;
    if (first)
        par->field_order = (mpeg2 ? mpeg2_order : h264_order)(par, first);
}
