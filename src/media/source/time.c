/* SPDX-License-Identifier: GPL-3.0-or-later
 * When a decoded frame is shown or heard, and for how long. */
#include "media/frame.h"

#include "source.h"

#include <math.h>
#include <string.h>

double track_seconds(const struct track *track, int64_t ts)
{
    return ts == AV_NOPTS_VALUE ? NAN : (double)ts * av_q2d(track->facts.av->time_base);
}

/* The times of an elementary stream are its parser's guesses: its pictures are counted. */
static bool is_elementary(const struct source *source, const struct track *track)
{
    static const char *const elementary[] = {"mpegvideo", "h264", "hevc", "m4v",
                                             "h263",      "vc1",  NULL};
    return track->facts.type == AVMEDIA_TYPE_VIDEO && !source->seeked && track->facts.fps.num > 0 &&
           g_strv_contains(elementary, source->health.container);
}

/* In MXF the offset of each picture stands in the index (SMPTE ST 377-1, 11.2.5), where FFmpeg's
 * muxer writes none for H.264: the first is then shown when it is decoded, which can't be where
 * others come in between. */
static bool lacks_offsets(struct source *source, const struct track *track)
{
    const AVPacket *first = source_peek(source, track->facts.index);
    return first && first->pts != AV_NOPTS_VALUE && first->pts == first->dts;
}

bool source_is_vc1(const struct track *track)
{
    const enum AVCodecID codec = track->facts.av->codecpar->codec_id;
    return codec == AV_CODEC_ID_WMV3 || codec == AV_CODEC_ID_VC1;
}

/* Among the first, whose times never go back, as those of B pictures have to. */
static bool has_untimed_b(struct source *source, const struct track *track)
{
    enum { PACKETS = 100, BYTES_MOST = 16 << 20 };
    AVCodecContext *decoder = source_decoder_beside(track->facts.av->codecpar);
    AVFrame *frame = frame_new();
    bool has_b = false, goes_back = false;
    int64_t last = INT64_MIN;
    source_read_ahead(source, PACKETS, BYTES_MOST);
    for (const GList *at = source->ahead.head; decoder && at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index != track->facts.index)
            continue;
        goes_back |= packet->pts != AV_NOPTS_VALUE && packet->pts < last;
        last = packet->pts;
        avcodec_send_packet(decoder, packet);
        while (avcodec_receive_frame(decoder, frame) >= 0)
            has_b |= frame->pict_type == AV_PICTURE_TYPE_B;
    }
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return has_b && !goes_back;
}

static const char *untimed(struct source *source, const struct track *track)
{
    static const char bare[] = "a bare stream", mov[] = "mov,mp4,m4a,3gp,3g2,mj2";
    static const struct {
        const char *demuxer, *words;
    } rows[] = {{"avi", "AVI"}, {"asf", "ASF"},      {"mxf", "this MXF"}, {"h264", bare},
                {"hevc", bare}, {"mpegvideo", bare}, {"m4v", bare},       {mov, "this MP4"}};
    const char *container = source->health.container, *words = NULL;
    if (track->facts.type != AVMEDIA_TYPE_VIDEO || track->facts.av->codecpar->video_delay <= 0)
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows) && !words; i++)
        words = strcmp(rows[i].demuxer, container) ? NULL : rows[i].words;
    if (!words)
        return NULL;
    const bool lost = source_is_vc1(track)        ? has_untimed_b(source, track)
                      : !strcmp(container, "mxf") ? lacks_offsets(source, track)
                                                  : strcmp(container, mov) != 0;
    return lost ? words : NULL;
}

void source_find_untimed(struct source *source)
{
    for (int i = 0; i < source->count; i++)
        source->tracks[i].facts.untimed = untimed(source, &source->tracks[i]);
}

/* The times of pictures of MXF are then those of decoding: that of the first one, a key picture, is
 * right, and the others are counted from there. */
static bool lacks_times(const struct source *source, const struct track *track)
{
    return track->facts.untimed && !strcmp(source->health.container, "mxf");
}

static int64_t duration_of(const struct source *source, const struct track *track,
                           const AVFrame *frame)
{
    AVRational tb = track->facts.av->time_base;
    struct rational fps = track->facts.fps;
    if (track->facts.type == AVMEDIA_TYPE_AUDIO && frame->sample_rate > 0)
        return av_rescale_q(frame->nb_samples, (AVRational){1, frame->sample_rate}, tb);
    if (is_elementary(source, track)) /* fields are repeated, as of telecine */
        return av_rescale_q(2 + frame->repeat_pict, (AVRational){(int)fps.den, 2 * (int)fps.num},
                            tb);
    const bool first = track->last_pts == AV_NOPTS_VALUE;
    if (frame->pkt_duration > 0 && (first || !source_lasts_ticks(track->facts.av)))
        return frame->pkt_duration;
    if (track->facts.variable && frame->pts > track->last_pts)
        return first ? 0 : frame->pts - track->last_pts;
    if (fps.num <= 0)
        return 0;
    return av_rescale_q(1, (AVRational){(int)fps.den, (int)fps.num}, tb);
}

/* A rate that Matroska promises may not be kept later than its first pictures show. */
static bool is_variable_by(const struct track *track, double step_s)
{
    return track->facts.variable || step_s * rational_value(track->facts.fps) > 1.5;
}

/* MOV and MP4 say the lengths of pictures in the order of decoding, so that at a variable rate the
 * last one's is another's, and Matroska says none. It lasts until the file ends, where that is no
 * later than a step like the one before it. */
static int64_t last_duration(const struct source *source, const struct track *track,
                             const AVFrame *frame, int64_t duration)
{
    if (track->facts.type != AVMEDIA_TYPE_VIDEO || track->last_pts == AV_NOPTS_VALUE)
        return duration;
    const double step_s = track_seconds(track, frame->pts - track->last_pts), slack_s = 0.001;
    if (!is_variable_by(track, step_s))
        return duration;
    const double left_s = source_duration(source) - track_seconds(track, frame->pts);
    if (isnan(left_s) || left_s > step_s + slack_s)
        return duration;
    return MAX(duration, llround(left_s / av_q2d(track->facts.av->time_base)));
}

bool source_times_decoding(const struct source *source, const struct track *track)
{
    static const char *const decoded[] = {"avi", "mpegvideo", NULL};
    return track->facts.type == AVMEDIA_TYPE_VIDEO && track->facts.fps.num > 0 &&
           g_strv_contains(decoded, source->health.container);
}

/* A decoder that puts pictures in order gives them later by the number it holds back. */
static void find_delay(const struct source *source, struct track *track, const AVFrame *frame)
{
    enum { REORDER_MAX = 16 };
    int64_t at = frame->best_effort_timestamp;
    if (track->delay != AV_NOPTS_VALUE || source->seeked)
        return;
    track->delay = 0;
    if (!source_times_decoding(source, track) || at == AV_NOPTS_VALUE || isnan(track->packet_s))
        return;
    double delay = track_seconds(track, at) - track->packet_s;
    if (delay > 0 && delay <= REORDER_MAX / rational_value(track->facts.fps))
        track->delay = llrint(delay / av_q2d(track->facts.av->time_base));
}

/* WAV has no times: those of packets are computed of their bytes, by a rate that is an average. */
static bool is_counted(const struct source *source, const struct track *track)
{
    static const char *const untimed[] = {"wav", "w64", NULL};
    return track->facts.type == AVMEDIA_TYPE_AUDIO && track->next_pts != AV_NOPTS_VALUE &&
           g_strv_contains(untimed, source->health.container);
}

/* Its time, as good as it is known. */
static int64_t pts_of(const struct source *source, const struct track *track, const AVFrame *frame)
{
    if (lacks_times(source, track) && frame->pts != AV_NOPTS_VALUE)
        return track->next_pts != AV_NOPTS_VALUE ? track->next_pts : frame->pts;
    bool follows = frame->best_effort_timestamp == AV_NOPTS_VALUE || is_elementary(source, track) ||
                   is_counted(source, track);
    if (follows)
        return track->next_pts != AV_NOPTS_VALUE ? track->next_pts : 0;
    return frame->best_effort_timestamp - (track->delay != AV_NOPTS_VALUE ? track->delay : 0);
}

void source_time_frame(const struct source *source, struct track *track, AVFrame *frame)
{
    find_delay(source, track, frame);
    frame->pts = pts_of(source, track, frame);
    frame->pkt_duration = last_duration(source, track, frame, duration_of(source, track, frame));
    frame->time_base = track->facts.av->time_base;
    track->last_pts = frame->pts;
    track->next_pts = frame->pts + frame->pkt_duration;
    if (isnan(track->frame_s))
        track->frame_s = track_seconds(track, frame->pts);
    double end = track_seconds(track, track->next_pts);
    if (end > track->end_s || isnan(track->end_s))
        track->end_s = end;
}
