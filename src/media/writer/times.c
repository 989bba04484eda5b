/* SPDX-License-Identifier: GPL-3.0-or-later
 * The times of packets: where a file begins, and what copied packets lack. */
#include "../signal/packet_sound.h"
#include "private.h"

#include <inttypes.h>
#include <libavutil/mathematics.h>

/* Edit lists count in the movie's time scale, which is a thousandth of a second where nobody says
 * otherwise; in samples they are exact. */
static void count_in_samples(struct writer *writer)
{
    for (unsigned i = 0; i < writer->format->nb_streams; i++) {
        const AVCodecParameters *par = writer->format->streams[i]->codecpar;
        if (par->codec_type != AVMEDIA_TYPE_AUDIO)
            continue;
        av_dict_set_int(&writer->options, "movie_timescale", par->sample_rate, 0);
        return;
    }
}

/* Readers take the delay of decoders, 529 samples, off the start of an MP3 whose first frame tells
 * of an encoder (its Xing or LAME tag), also where that tells no priming. */
static void leave_start(struct writer *writer)
{
    for (guint i = 0; i < writer->tracks->len; i++)
        if (g_array_index(writer->tracks, struct track, i).unprimed)
            av_dict_set(&writer->options, "write_xing", "0", 0);
}

/* Matroska holds the negative times of priming, and none of decoding; libavformat's shift of
 * everything would make the picture late. */
void writer_keep_start(struct writer *writer)
{
    if (writer_is(writer, WRITER_MATROSKA))
        writer->format->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    if (writer_is(writer, "mp4 mov m4a"))
        count_in_samples(writer);
    if (writer_is(writer, "mp3"))
        leave_start(writer);
}

/* Opus in Matroska has its priming written as CodecDelay, which a reader takes off again; and in an
 * MP4 without edit lists, priming is the first that is heard. */
void writer_find_delays(struct writer *writer)
{
    const bool shown = writer_is(writer, "mp4 mov m4a") && !writer->hides_start;
    const bool matroska = writer_is(writer, WRITER_MATROSKA);
    for (guint i = 0; i < writer->tracks->len; i++) {
        struct track *track = &g_array_index(writer->tracks, struct track, i);
        const AVStream *stream = writer->format->streams[i];
        const AVCodecParameters *par = stream->codecpar;
        if ((shown && !track->copied) || (matroska && par->codec_id == AV_CODEC_ID_OPUS))
            track->delay = av_rescale_q(
                par->initial_padding, (AVRational){1, MAX(par->sample_rate, 1)}, stream->time_base);
    }
}

/* Matroska doesn't say when a picture is decoded, and libavformat only knows it once it has seen as
 * many pictures as the decoder holds back. */
static int64_t early_dts(const AVStream *stream, const struct track *track, const AVPacket *packet)
{
    int64_t held = stream->codecpar->video_delay - track->packets;
    if (held <= 0 || packet->pts == AV_NOPTS_VALUE)
        return packet->pts;
    int64_t first = track->packets ? track->first_pts : packet->pts;
    return first - held * packet->duration;
}

/* Of some MOVs whose pictures are reordered, libavformat tells the time of decoding too late for
 * that: by as much as the first one would be shown before it is decoded, and as a decoder holds
 * back. All deltas stay. */
static void find_lead(const AVStream *stream, struct track *track, const AVPacket *packet)
{
    int64_t held = stream->codecpar->video_delay;
    if (track->packets || held <= 0 || packet->pts == AV_NOPTS_VALUE ||
        packet->dts == AV_NOPTS_VALUE || packet->dts < packet->pts)
        return;
    track->lead = packet->dts - packet->pts + held * packet->duration;
}

/* Those that don't say so last as their samples, or as the one before, or the last would last for
 * no time. */
static int64_t lasts(const AVStream *stream, const struct track *track, const AVPacket *packet)
{
    const AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (packet->duration > 0 || type == AVMEDIA_TYPE_SUBTITLE ||
        (type == AVMEDIA_TYPE_AUDIO && packet->size <= 0))
        return packet->duration;
    if (track->samples > 0)
        return av_rescale_q(track->samples, rate, stream->time_base);
    return track->packets ? packet->dts - track->last_dts : 0;
}

/* Copied packets may lack times or go back in them; muxers take neither. `step`: so many ticks are
 * from one to the next at least, which is none where several of them may come in one. */
static void mend_copied(const AVStream *stream, struct track *track, int64_t step, AVPacket *packet)
{
    find_lead(stream, track, packet);
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= track->lead;
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = early_dts(stream, track, packet);
    if (packet->pts == AV_NOPTS_VALUE)
        packet->pts = packet->dts;
    if (packet->dts == AV_NOPTS_VALUE)
        packet->pts = packet->dts = track->packets ? track->last_dts + MAX(track->last_step, 1) : 0;
    if (track->packets && packet->dts < track->last_dts + step) {
        track->late = MAX(track->late, track->last_dts + step - packet->dts);
        packet->dts = track->last_dts + step;
    }
    packet->pts = MAX(packet->pts, packet->dts);
    packet->duration = lasts(stream, track, packet);
    if (!track->packets)
        track->first_pts = packet->pts;
    track->last_step = packet->duration;
    track->last_dts = packet->dts;
}

/* Where a packet is, in samples. What is off by more than the rounding is a new place; but one
 * within the packet before is only a wrong time (AVIs that count bytes as frames). */
static int64_t place_of(struct track *track, const AVPacket *packet, AVRational time_base,
                        AVRational rate, int lasts)
{
    const int64_t due = track->next_sample;
    int64_t at = av_rescale_delta(time_base, packet->dts, rate, lasts, &track->next_sample, rate);
    if (!track->packets || due - at <= lasts / 2)
        return at;
    track->next_sample = due + lasts;
    return due;
}

/* The times of copied sound in samples, where those it comes with are coarser (Matroska, AVI):
 * packets follow one another as they last, the first as early as its priming is long. */
void writer_fine_times(struct writer *writer, int number, AVPacket *packet, AVRational time_base)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    const AVStream *stream = writer->format->streams[number];
    const AVCodecParameters *par = stream->codecpar;
    AVRational rate = {1, MAX(par->sample_rate, 1)};
    bool coarse = av_cmp_q(time_base, rate) > 0;
    int lasts = (int)track->samples;
    if (!track->copied || par->codec_type != AVMEDIA_TYPE_AUDIO || !coarse || lasts <= 0 ||
        packet->dts == AV_NOPTS_VALUE) {
        av_packet_rescale_ts(packet, time_base, stream->time_base);
        return;
    }
    if (!track->packets)
        track->next_sample = -par->initial_padding;
    packet->pts = packet->dts = place_of(track, packet, time_base, rate, lasts);
    packet->duration = lasts;
    av_packet_rescale_ts(packet, rate, stream->time_base);
}

/* The last packet of copied sound lasts as long as it is heard, which for Opus only Matroska and
 * Ogg say beside it: an edit list is made of it. */
static void leave_out_end(const AVStream *stream, const struct track *track, AVPacket *packet)
{
    AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    int64_t lasts = track->samples, unheard = packet_skip_get(packet).end;
    if (unheard > 0 && unheard < lasts)
        packet->duration =
            MIN(packet->duration, av_rescale_q(lasts - unheard, rate, stream->time_base));
}

void writer_mend_times(struct writer *writer, int number, AVPacket *packet)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts += track->delay;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts += track->delay;
    if (!track->copied)
        return;
    const AVStream *stream = writer->format->streams[number];
    const bool many = writer->format->oformat->flags & AVFMT_TS_NONSTRICT &&
                      stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO;
    leave_out_end(stream, track, packet);
    mend_copied(stream, track, many ? 0 : 1, packet);
}

static bool refuse_gaps(const AVStream *stream, int64_t missing, struct failure *failure)
{
    return fail(failure, FAIL_CONFIG,
                "copied, pictures would come up to %.3f s early, since %" PRId64
                " %s missing between the others and the rate of MXF is constant: name a codec",
                (double)missing * av_q2d(stream->time_base), missing, missing == 1 ? "is" : "are");
}

static bool refuse_more(const AVStream *stream, int64_t late, struct failure *failure)
{
    return fail(failure, FAIL_CONFIG,
                "copied, pictures would come up to %.3f s late, since more come than the source's "
                "rate says and that of MXF is constant: name a codec",
                (double)late * av_q2d(stream->time_base));
}

bool writer_keeps_rate(const struct writer *writer, struct failure *failure)
{
    static const int64_t rounding = 1;
    for (guint i = 0; writer_is(writer, "mxf mxf_opatom") && i < writer->tracks->len; i++) {
        const struct track *track = &g_array_index(writer->tracks, struct track, i);
        const AVStream *stream = writer->format->streams[i];
        const int64_t missing = track->end - track->first - track->packets;
        if (!track->copied || stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
            continue;
        if (track->late > rounding)
            return refuse_more(stream, track->late, failure);
        if (missing > 0)
            return refuse_gaps(stream, missing, failure);
    }
    return true;
}
