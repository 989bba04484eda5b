/* SPDX-License-Identifier: GPL-3.0-or-later
 * Going to a place from which all that follows can be decoded. Containers without an index find a
 * time, not a key picture, and of some pictures that are called so the decoder gives none until
 * others are there (a refresh by columns of H.264), or grey ones without a word (HEVC): so each
 * place is tried, and left for one farther back until its first picture is there in time. */
#include "source.h"

#include "media/log.h"

#include <math.h>
#include <string.h>

static int seek_stream(const struct source *source)
{
    const int wanted[] = {source->picture, source->sound};
    for (int i = 0; i < 2; i++)
        if (wanted[i] >= 0 && source->tracks[wanted[i]].use)
            return wanted[i];
    return -1;
}

static bool seek_pictures(struct source *source, double time_s)
{
    sequence_seek(source, (int64_t)floor(time_s / av_q2d(source->format->streams[0]->time_base)));
    return true;
}

/* The demuxer of AVI goes to no time before its first, and from a byte on it counts times as if it
 * had read up to there. */
static bool seek_format(struct source *source, double from_s)
{
    AVFormatContext *format = source->format;
    int64_t ts = llrint(from_s * AV_TIME_BASE) + source->origin_us;
    int stream = seek_stream(source);
    if (source_splice_forget(source))
        return av_seek_frame(format, -1, 0, AVSEEK_FLAG_BYTE) >= 0;
    if (stream >= 0)
        ts = av_rescale_q(ts, AV_TIME_BASE_Q, format->streams[stream]->time_base);
    return (from_s > 0 && avformat_seek_file(format, stream, INT64_MIN, ts, ts, 0) >= 0) ||
           av_seek_frame(format, stream, INT64_MIN / 2, AVSEEK_FLAG_BACKWARD) >= 0 ||
           av_seek_frame(format, stream, 0, 0) >= 0 ||
           av_seek_frame(format, -1, 0, AVSEEK_FLAG_BYTE) >= 0;
}

/* What was read ahead and what decoders hold is of another place. */
static void forget(struct source *source)
{
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        if (track->decoder)
            avcodec_flush_buffers(track->decoder);
        if (track->watched)
            track->told = media_log_errors(track->decoder);
        track->drained = track->emptied = track->awaits_key = false;
        track->next_pts = track->last_pts = track->due = AV_NOPTS_VALUE;
        track->key_s = NAN;
        track->discard = 0;
        track->unheard = 0;
    }
    if (source->watched)
        source->told = media_log_errors(source->format);
    g_queue_clear_full(&source->ahead, source_packet_free);
    source_fields_forget(source);
    av_packet_unref(source->packet);
    source->ahead_error = 0;
    source->ended = source->has_packet = false;
    source->decoding = -1;
}

/* --- places that are tried --- */

static double shifted_s(const struct source *source, const struct track *track, int64_t ts)
{
    return ts == AV_NOPTS_VALUE ? NAN : track_seconds(track, ts - source_shift(source, track));
}

/* Reads on to the next packet of the track. */
static bool next_of(struct source *source, const struct track *track)
{
    do {
        av_packet_unref(source->packet);
        if (source_demux(source, source->packet) < 0)
            return false;
    } while (source->packet->stream_index != track->facts.index);
    return true;
}

/* Of pictures that don't say when they are shown (AVI), when they are decoded. */
static double packet_s(const struct source *source, const struct track *track)
{
    const AVPacket *packet = source->packet;
    return shifted_s(source, track, packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts);
}

static bool meets_key(struct source *source, const struct track *track, double by_s)
{
    while (next_of(source, track)) {
        const double at_s = packet_s(source, track);
        if ((source->packet->flags & AV_PKT_FLAG_KEY) || at_s > by_s)
            return at_s <= by_s;
    }
    return false;
}

/* From the packet at hand on, not much farther than `by_s`. */
static bool decodes(struct source *source, const struct track *track, double by_s)
{
    AVCodecContext *decoder = source_decoder_beside(track->facts.av->codecpar);
    int beyond = 0;
    int got = decoder ? AVERROR(EAGAIN) : AVERROR(ENOMEM);
    for (bool more = true; more && got == AVERROR(EAGAIN) && beyond <= PICTURES_HELD_MOST;
         more = next_of(source, track)) {
        beyond += packet_s(source, track) > by_s;
        avcodec_send_packet(decoder, source->packet);
        got = avcodec_receive_frame(decoder, source->frame);
    }
    if (got == AVERROR(EAGAIN)) {
        avcodec_send_packet(decoder, NULL);
        got = avcodec_receive_frame(decoder, source->frame);
    }
    avcodec_free_context(&decoder);
    return got >= 0 && shifted_s(source, track, source->frame->best_effort_timestamp) <= by_s;
}

/* Times that containers round. */
static bool begins_by(struct source *source, const struct track *track, double time_s)
{
    static const double rounding_s = 0.001;
    return meets_key(source, track, time_s + rounding_s) &&
           (!(track->use & SOURCE_DECODE) || decodes(source, track, time_s + rounding_s));
}

static bool has_index(const struct source *source)
{
    const char *name = source->format->iformat->name;
    return strstr(name, "mov") || strstr(name, "matroska") || strstr(name, "wav");
}

/* Sound decoders need some packets before the first exact sample; containers that find a place by
 * searching for time stamps land a little late. */
static bool seek_key(struct source *source, double time_s)
{
    static const double indexed_s = 0.5, searched_s = 2, farther = 4;
    const int picture = source->picture;
    struct track *track =
        picture >= 0 && source->tracks[picture].use ? &source->tracks[picture] : NULL;
    double back_s = has_index(source) ? indexed_s : searched_s;
    for (; seek_format(source, time_s - back_s); back_s *= farther) {
        const bool from_start = !(time_s - back_s > 0) || source->parts.restarts > 0;
        if (track && from_start)
            track->awaits_key = source_awaits_key(source, track);
        if (!track || from_start)
            return true;
        const bool begins = begins_by(source, track, time_s);
        forget(source);
        if (!begins)
            continue;
        track->awaits_key = true;
        return seek_format(source, time_s - back_s);
    }
    return false;
}

/* What is counted from the first packet on has to be read from there. */
static bool counts_from_start(const struct source *source)
{
    for (int i = 0; i < source->count; i++)
        if (source->tracks[i].use && source->tracks[i].miscounted)
            return true;
    return false;
}

static bool seek(struct source *source, double time_s)
{
    const double from_s = counts_from_start(source) ? 0 : time_s;
    return source->pictures ? seek_pictures(source, from_s) : seek_key(source, from_s);
}

/* How long a decoder holds pictures back is seen of the first one, at the start of the file. */
static void learn_delay(struct source *source)
{
    struct track *track = source->picture < 0 ? NULL : &source->tracks[source->picture];
    if (!track || !track->decoder || track->delay != AV_NOPTS_VALUE ||
        !source_times_decoding(source, track))
        return;
    const struct source_opts opts = {.restarts = RESTARTS_PASS};
    struct failure ignored = {0};
    struct source_item item;
    g_auto(source_ptr) first = source_open_plain(source->fd, &opts, &ignored);
    if (first && first->picture == source->picture &&
        source_use(first, first->picture, SOURCE_DECODE, &ignored) &&
        source_next(first, &item, &ignored) == SOURCE_FRAME)
        track->delay = first->tracks[first->picture].delay;
    failure_clear(&ignored);
}

bool source_seek_byte(struct source *source, int64_t at)
{
    forget(source);
    return av_seek_frame(source->format, -1, at, AVSEEK_FLAG_BYTE) >= 0;
}

bool source_seek(struct source *source, double time_s, struct failure *failure)
{
    const AVIOContext *pb = source->format->pb;
    bool untouched = !source->seeked && (!pb || avio_tell((AVIOContext *)pb) == 0);
    for (int i = 0; i < source->count; i++)
        untouched &= source->tracks[i].packets == 0;
    if (untouched && time_s <= 0)
        return true;
    learn_delay(source);
    forget(source);
    if (!seek(source, time_s) && !untouched)
        return fail(failure, FAIL_UNSUPPORTED, "this %s file can't be read from another place",
                    source->format->iformat->long_name);
    source->seeked = true;
    source->sought_s = time_s;
    return true;
}
