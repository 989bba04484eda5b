/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a source: packets in file order, decoded as they come, drained at the end. */
#include "source.h"

#include "media/log.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { READ_ERRORS_MAX = 100, CHANNELS_MAX = 64 /* as libavcodec */ };

static bool no_decoder(const struct track *track, struct failure *failure)
{
    const AVCodecParameters *par = track->facts.av->codecpar;
    if (par->codec_id != AV_CODEC_ID_NONE)
        return fail(failure, FAIL_UNSUPPORTED,
                    "stream %d: there is no decoder for %s: convert the file first",
                    track->facts.index, avcodec_get_name(par->codec_id));
    return fail(failure, FAIL_UNSUPPORTED,
                "stream %d: its codec (\"%s\") isn't known here: convert the file first",
                track->facts.index, av_fourcc2str(par->codec_tag));
}

/* Where a checksum of FFV1 is wrong, its decoder says so in the log, and nowhere else: by the name
 * of the context that is given to it, unless each of its threads has a copy. */
static bool is_taciturn(const AVCodecContext *decoder)
{
    return decoder->codec_id == AV_CODEC_ID_FFV1 && decoder->extradata_size > 0;
}

static bool complained(struct track *track)
{
    unsigned errors = track->watched ? media_log_errors(track->decoder) : 0;
    bool more = errors != track->told;
    track->told = errors;
    return more;
}

static bool open_decoder(struct source *source, struct track *track, struct failure *failure)
{
    const AVStream *stream = track->facts.av;
    const AVCodecParameters *par = stream->codecpar;
    const AVCodec *codec = source_decoder(par);
    if (!codec)
        return no_decoder(track, failure);
    track->decoder = avcodec_alloc_context3(codec);
    if (!track->decoder || avcodec_parameters_to_context(track->decoder, par) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    source_colors_hide(&track->facts, track->decoder);
    track->decoder->pkt_timebase = stream->time_base;
    track->decoder->err_recognition = AV_EF_CRCCHECK;
    track->decoder->thread_count = track->facts.index == source->picture ? source->threads : 1;
    if (is_taciturn(track->decoder))
        track->decoder->thread_type = FF_THREAD_SLICE;
    int error = avcodec_open2(track->decoder, codec, NULL);
    track->watched = error >= 0 && is_taciturn(track->decoder);
    if (track->watched)
        media_log_watch(track->decoder);
    if (error >= 0)
        return true;
    avcodec_free_context(&track->decoder);
    if (error == AVERROR_INVALIDDATA)
        return fail(failure, FAIL_INPUT_DAMAGED, "stream %d: the header of the %s data is damaged",
                    track->facts.index, codec->name);
    if (par->codec_type == AVMEDIA_TYPE_AUDIO && par->ch_layout.nb_channels > CHANNELS_MAX)
        return fail(failure, FAIL_UNSUPPORTED, "stream %d: %d channels of sound: at most %d work",
                    track->facts.index, par->ch_layout.nb_channels, CHANNELS_MAX);
    return fail(failure, error == AVERROR(ENOMEM) ? FAIL_MEMORY : FAIL_UNSUPPORTED,
                "stream %d: the %s decoder refuses this stream: %s", track->facts.index,
                codec->name, av_err2str(error));
}

bool source_use(struct source *source, int stream, unsigned use, struct failure *failure)
{
    struct track *track = &source->tracks[stream];
    if ((use & SOURCE_DECODE) && !track->decoder && !open_decoder(source, track, failure))
        return false;
    track->use = use;
    return true;
}

void source_note_error(struct source *source, double time_s)
{
    if (isnan(source->health.first_error_s))
        source->health.first_error_s = time_s;
}

int64_t source_shift(const struct source *source, const struct track *track)
{
    return av_rescale_q(source->origin_us, AV_TIME_BASE_Q, track->facts.av->time_base);
}

static void note_change(struct source *source, const struct track *track, double time_s)
{
    const bool picture = track->facts.type == AVMEDIA_TYPE_VIDEO;
    if (picture && isnan(source->health.picture_changes_s))
        source->health.picture_changes_s = time_s;
    if (source->health.changes++ == 0)
        source->health.first_change_s = time_s;
    source_spliced(source);
}

static void account_end(struct track *track, const AVPacket *packet)
{
    int64_t ts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    double end = track_seconds(track, ts) + (double)packet->duration * av_q2d(packet->time_base);
    if (end > track->end_s || isnan(track->end_s))
        track->end_s = end;
    if (end > track->run_s || isnan(track->run_s))
        track->run_s = end;
}

static bool account_packet(struct source *source, struct track *track, struct failure *failure)
{
    AVPacket *packet = source->packet;
    if (!source_splice(source, track, failure))
        return false;
    int64_t shift = source_shift(source, track) - track->moved;
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= shift;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= shift;
    packet->time_base = track->facts.av->time_base;
    int64_t ts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    track->packets++;
    source->splice.read++;
    if (track->packets == 1)
        track->began = track->part;
    if (!(packet->flags & AV_PKT_FLAG_DISCARD) && track->shown++ == 0)
        track->packet_s = track_seconds(track, ts);
    source_splice_meets(source, track);
    account_end(track, packet);
    if (packet->flags & AV_PKT_FLAG_CORRUPT)
        source_flagged(source, track, track_seconds(track, ts));
    return true;
}

static bool same_as_before(struct track *track, const AVFrame *frame)
{
    bool picture = track->facts.type == AVMEDIA_TYPE_VIDEO;
    int a = picture ? frame->width : frame->sample_rate;
    int b = picture ? frame->height : frame->ch_layout.nb_channels;
    bool first = track->format < 0;
    bool same = frame->format == track->format && a == track->width_or_rate &&
                b == track->height_or_channels;
    track->format = frame->format;
    track->width_or_rate = a;
    track->height_or_channels = b;
    return first || same;
}

static enum source_got deliver_frame(struct source *source, struct track *track,
                                     struct source_item *item)
{
    AVFrame *frame = source->frame;
    track->samples += frame->nb_samples;
    *item = (struct source_item){
        .stream = track->facts.index,
        .frame = frame,
        .time_s = track_seconds(track, frame->pts),
        .corrupt = complained(track) || (frame->flags & AV_FRAME_FLAG_CORRUPT) ||
                   frame->decode_error_flags,
        .changed = !same_as_before(track, frame),
    };
    if (item->corrupt) {
        source->health.corrupt_frames++;
        source_note_error(source, item->time_s);
    }
    if (item->changed)
        note_change(source, track, item->time_s);
    return SOURCE_FRAME;
}

/* Where containers have packets of sound across their own (program streams), the first ones behind
 * a place that was sought may be none, as a parser finds what looks like one. */
static bool is_on_the_way(const struct source *source, const struct track *track)
{
    return track->facts.type == AVMEDIA_TYPE_AUDIO && source->seeked &&
           track_seconds(track, source->packet->pts) < source->sought_s;
}

/* A decoder refused a packet. */
static bool decode_failed(struct source *source, struct track *track, int error,
                          struct failure *failure)
{
    if (error == AVERROR(ENOMEM))
        return fail(failure, FAIL_MEMORY, "out of memory while decoding stream %d",
                    track->facts.index);
    if (is_on_the_way(source, track))
        return true;
    source->health.decode_errors++;
    source_note_error(source, track_seconds(track, track->next_pts));
    return true;
}

/* The next frame of the decoder at work: SOURCE_FRAME, SOURCE_END when it has no more. */
static enum source_got receive(struct source *source, struct source_item *item,
                               struct failure *failure)
{
    struct track *track = &source->tracks[source->decoding];
    for (int errors = 0; errors < READ_ERRORS_MAX; errors++) {
        int got = avcodec_receive_frame(track->decoder, source->frame);
        if (got >= 0 && (track->use & SOURCE_DECODE)) {
            source_time_frame(source, track, source->frame);
            source_colors_join(&track->facts, source->frame);
            if (source_sound_cut(track, source->frame))
                return deliver_frame(source, track, item);
        }
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            break;
        if (got < 0 && !decode_failed(source, track, got, failure))
            return SOURCE_FAILED;
    }
    source->decoding = -1;
    return SOURCE_END;
}

static bool send(struct source *source, struct track *track, const AVPacket *packet,
                 struct failure *failure)
{
    int error = avcodec_send_packet(track->decoder, packet);
    source->decoding = track->facts.index;
    return error >= 0 || error == AVERROR_EOF || decode_failed(source, track, error, failure);
}

/* libavcodec's decoder of MPEG-2 drops the picture that it holds back when a sequence header brings
 * another size (ISO/IEC 13818-2, 6.2.2.1). */
static bool brings_other_size(const struct track *track, const AVPacket *packet)
{
    static const uint8_t sequence[] = {0, 0, 1, 0xb3};
    const AVCodecContext *decoder = track->decoder;
    const uint8_t *data = packet->data;
    if (decoder->codec_id != AV_CODEC_ID_MPEG2VIDEO || packet->size < 8 ||
        track->next_pts == AV_NOPTS_VALUE || memcmp(data, sequence, sizeof sequence))
        return false;
    int width = data[4] << 4 | data[5] >> 4, height = (data[5] & 15) << 8 | data[6];
    return width != (decoder->width & 0xfff) || height != (decoder->height & 0xfff);
}

/* Hands the packet at hand to its decoder, which is drained first where it would lose pictures. */
static bool decode_packet(struct source *source, struct failure *failure)
{
    struct track *track = &source->tracks[source->packet->stream_index];
    bool first = !track->emptied && brings_other_size(track, source->packet);
    if (track->emptied)
        avcodec_flush_buffers(track->decoder);
    track->emptied = source->has_packet = first;
    return send(source, track, first ? NULL : source->packet, failure);
}

/* Puts the next decoder that isn't empty to work; false when all are. */
static bool drain_next(struct source *source, struct failure *failure)
{
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        if (!(track->use & SOURCE_DECODE) || track->drained)
            continue;
        track->drained = true;
        return send(source, track, NULL, failure);
    }
    return false;
}

int source_demux(struct source *source, AVPacket *packet)
{
    if (source->pictures)
        return sequence_read(source, packet);
    const int error = source_fields_read(source, packet);
    if (error >= 0) {
        source_unwrap(source, packet);
        source_fragments_demuxed(source, packet);
        if (!source_sound_demuxed(source, packet)) {
            av_packet_unref(packet);
            return AVERROR(ENOMEM);
        }
    }
    return error;
}

static const AVPacket *first_ahead(const struct source *source, int stream)
{
    for (const GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index == stream)
            return packet;
    }
    return NULL;
}

const AVPacket *source_peek(struct source *source, int stream)
{
    enum { MOST = 2048, BYTES_MOST = 16 << 20 };
    const AVPacket *packet = first_ahead(source, stream);
    for (unsigned packets = 1; !packet && packets <= MOST; packets *= 2) {
        source_read_ahead(source, packets, BYTES_MOST);
        packet = first_ahead(source, stream);
    }
    return packet;
}

static int take_or_read(struct source *source)
{
    AVPacket *ahead = g_queue_pop_head(&source->ahead);
    int error = source->ahead_error;
    if (ahead) {
        av_packet_move_ref(source->packet, ahead);
        av_packet_free(&ahead);
        return 0;
    }
    source->ahead_error = 0;
    return error < 0 ? error : source_demux(source, source->packet);
}

bool source_complains(const struct source *source)
{
    return source->watched && media_log_errors(source->format) != source->told;
}

/* What was read ahead is ended by them. */
static void hear_complaints(struct source *source)
{
    const struct track *picture = source->picture < 0 ? NULL : &source->tracks[source->picture];
    if (source->ahead.length || !source_complains(source))
        return;
    const unsigned errors = media_log_errors(source->format);
    source->health.corrupt_packets += errors - source->told;
    source->told = errors;
    source_note_error(source, picture ? picture->end_s : NAN);
}

/* 1 a packet, 0 the end, -1 failed. */
static int read_packet(struct source *source, struct failure *failure)
{
    av_packet_unref(source->packet);
    for (;;) {
        int error = take_or_read(source);
        hear_complaints(source);
        if (error >= 0) {
            source->read_errors = 0;
            return 1;
        }
        if (io_error(source->io)) {
            fail(failure, FAIL_INPUT_DAMAGED, "the file can't be read: %s",
                 g_strerror(io_error(source->io)));
            return -1;
        }
        if (error == AVERROR(ENOMEM)) {
            fail(failure, FAIL_MEMORY, "out of memory while reading");
            return -1;
        }
        if (error == AVERROR_EOF)
            return 0;
        if (error != AVERROR(EAGAIN)) {
            source->health.corrupt_packets++;
            source_note_error(source, NAN);
        }
        if (++source->read_errors >= READ_ERRORS_MAX)
            return 0;
    }
}

bool source_awaits_key(const struct source *source, const struct track *track)
{
    return track->facts.av->codecpar->codec_id == AV_CODEC_ID_HEVC && source_is_capture(source);
}

/* What no key picture was met before; and what follows the first one and is shown before it, of
 * which pictures are missing. */
static bool is_before_key(const struct source *source, struct track *track, const AVPacket *packet)
{
    const bool key = packet->flags & AV_PKT_FLAG_KEY;
    if (track->awaits_key && key && source_awaits_key(source, track))
        track->key_s = track_seconds(track, packet->pts);
    track->awaits_key = track->awaits_key && !key;
    return track->awaits_key || track_seconds(track, packet->pts) < track->key_s;
}

/* Takes the next packet: delivers it, or hands it to its decoder, or passes over it. */
static enum source_got take_packet(struct source *source, struct source_item *item,
                                   struct failure *failure)
{
    int got = read_packet(source, failure);
    if (got < 0)
        return SOURCE_FAILED;
    if (got == 0) {
        source->ended = true;
        if (!source->seeked && strcmp(source->health.container, "ogg") == 0)
            source->health.corrupt_packets += ogg_bad_pages(source->fd);
        return source_meets_others(source, failure) ? SOURCE_END : SOURCE_FAILED;
    }
    source_others_saw(source);
    if (source->packet->stream_index >= source->count)
        return SOURCE_END;
    struct track *track = &source->tracks[source->packet->stream_index];
    if (!account_packet(source, track, failure))
        return SOURCE_FAILED;
    if (!source_sound_packet(source, track, source->packet)) {
        fail(failure, FAIL_MEMORY, "out of memory while reading");
        return SOURCE_FAILED;
    }
    if (is_before_key(source, track, source->packet))
        return SOURCE_END;
    source->has_packet = track->use & SOURCE_DECODE;
    if (!(track->use & SOURCE_PACKETS))
        return SOURCE_END;
    *item = (struct source_item){.stream = track->facts.index,
                                 .packet = source->packet,
                                 .time_s = track_seconds(track, source->packet->pts),
                                 .corrupt = source->packet->flags & AV_PKT_FLAG_CORRUPT};
    return SOURCE_PACKET;
}

enum source_got source_next(struct source *source, struct source_item *item,
                            struct failure *failure)
{
    enum source_got got;
    for (;;) {
        if (source->has_packet && source->decoding < 0 && !decode_packet(source, failure))
            return SOURCE_FAILED;
        if (source->decoding >= 0 && (got = receive(source, item, failure)) != SOURCE_END)
            return got;
        if (source->has_packet)
            continue;
        if (source->ended) {
            if (!drain_next(source, failure))
                return failure->class == FAIL_NONE ? SOURCE_END : SOURCE_FAILED;
        } else if ((got = take_packet(source, item, failure)) != SOURCE_END) {
            return got;
        }
    }
}

double source_progress(const struct source *source)
{
    if (source->pictures)
        return sequence_progress(source);
    int64_t size = io_size(source->io);
    const AVPacket *ahead = source->ahead.head ? source->ahead.head->data : NULL;
    int64_t at = ahead && ahead->pos >= 0 ? ahead->pos : avio_tell(source->format->pb);
    double done = size > 0 ? (double)at / (double)size : 1;
    return CLAMP(done, 0, 1);
}
