/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which frame rate a source has: its container's word, or what its packets show. */
#include "source.h"

#include "base/frame_rate.h"
#include "media/frame.h"

#include "../cut/h264_slice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One tick of a clock that counts milliseconds or less is no frame rate. */
static bool is_tick(const AVStream *stream, AVRational rate)
{
    return av_q2d(rate) >= 1000 && !av_cmp_q(rate, av_inv_q(stream->time_base));
}

static bool is_known(const AVStream *stream, AVRational rate)
{
    return rate.num > 0 && rate.den > 0 && !is_tick(stream, rate);
}

bool source_lasts_ticks(const AVStream *stream)
{
    AVRational mean = stream->avg_frame_rate;
    return is_tick(stream, mean) && av_cmp_q(mean, stream->r_frame_rate);
}

static bool is_untold(const AVStream *stream, AVRational rate)
{
    if (stream->avg_frame_rate.num <= 0)
        return !is_known(stream, rate);
    return rate.num <= 0 || source_lasts_ticks(stream);
}

static int by_length(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* Of the steps between the pictures of a sample table: the usual one, in ticks, and the share of
 * those that are a tenth off it; 0 and NAN where there is no table. */
struct evenness {
    int64_t usual;
    double off;
};

static struct evenness evenness_of(int64_t *steps, int count)
{
    int off = 0;
    qsort(steps, (size_t)count, sizeof(*steps), by_length);
    const double usual = (double)steps[count / 2];
    for (int i = 0; i < count; i++)
        off += fabs((double)steps[i] - usual) > fmax(0.1 * usual, 1);
    return (struct evenness){steps[count / 2], (double)off / (count + 1)};
}

static struct evenness evenness(AVStream *stream)
{
    enum { LOOK = 2000 };
    int64_t steps[LOOK];
    const int entries = MIN(avformat_index_get_entries_count(stream), LOOK);
    if (stream->nb_frames <= 0 || entries <= 2)
        return (struct evenness){0, NAN};
    for (int i = 1; i < entries; i++)
        steps[i - 1] = avformat_index_get_entry(stream, i)->timestamp -
                       avformat_index_get_entry(stream, i - 1)->timestamp;
    return evenness_of(steps, entries - 1);
}

/* The average rate as a share of the base rate; NAN where one of them isn't known. */
static double mean_share(const AVStream *stream)
{
    AVRational mean = stream->avg_frame_rate, base = stream->r_frame_rate;
    return mean.num > 0 && base.num > 0 ? av_q2d(mean) / av_q2d(base) : NAN;
}

/* As of fields, or of every other picture. */
static bool is_half(double share)
{
    return fabs(share - 0.5) <= 0.005;
}

static const double uneven_most = 0.01; /* one step in a hundred */
static const double gaps_most = 0.1;    /* of a constant rate that lacks some pictures */

/* Far more a second than there are. */
static bool exceeds(double rate, double step_s)
{
    return step_s * rate > 2.5;
}

static bool is_promise(AVStream *stream, AVRational rate)
{
    return exceeds(av_q2d(rate), (double)evenness(stream).usual * av_q2d(stream->time_base));
}

/* Without a sample table: an average that nobody records in, which is what libavformat tells where
 * a container has no rate; or one well below the base rate, and not half of it. */
static bool is_variable(AVStream *stream, AVRational rate)
{
    double share = evenness(stream).off, mean = mean_share(stream);
    if (!isnan(share))
        return share > uneven_most || is_promise(stream, rate);
    if (!av_cmp_q(rate, stream->avg_frame_rate) && !frame_rate_is_usual(av_q2d(rate)))
        return true;
    return mean < 0.99 && !is_half(mean);
}

static bool is_usual(struct rational fps)
{
    return fps.num > 0 && frame_rate_is_usual(rational_value(fps));
}

/* That of nearly all steps where some pictures are missing, which the average is lowered by; no
 * rate where there is none. */
static struct rational rate_of_most(AVStream *stream)
{
    struct evenness steps = evenness(stream);
    bool most = steps.off <= gaps_most && steps.usual > 0; /* NAN is no such share */
    return most ? frame_rate_nominal(1 / ((double)steps.usual * av_q2d(stream->time_base)))
                : (struct rational){0, 1};
}

/* The usual rate next to that of most steps, or next to the average; where there is none, as of a
 * screen recording that pauses, the usual one that its steps are multiples of. */
static struct rational nominal(AVStream *stream, AVRational rate)
{
    AVRational mean = stream->avg_frame_rate, base = stream->r_frame_rate;
    struct rational near = frame_rate_nominal(av_q2d(mean.num > 0 ? mean : rate));
    struct rational most = rate_of_most(stream);
    struct rational steps =
        is_known(stream, base) ? frame_rate_nominal(av_q2d(base)) : (struct rational){0, 1};
    if (is_usual(most))
        return most;
    return !is_usual(near) && is_usual(steps) ? steps : near;
}

/* Of a clock that ticks once a picture it is what the clock says, as of an MXF at 120000/1001,
 * which libavformat takes for the nearest of its table. */
static AVRational rate_of_clock(const AVStream *stream, AVRational rate)
{
    static const double rounding = 0.002; /* between a whole rate and the one over 1.001 */
    const AVRational clock = av_inv_q(stream->time_base);
    return fabs(av_q2d(rate) / av_q2d(clock) - 1) < rounding ? clock : rate;
}

void source_rate(AVFormatContext *format, struct source_stream *facts)
{
    AVStream *stream = format->streams[facts->index];
    AVRational rate = av_guess_frame_rate(format, stream, NULL);
    if (is_untold(stream, rate)) {
        facts->fps = (struct rational){0, 1};
        facts->variable = true;
        return;
    }
    facts->variable = is_variable(stream, rate);
    rate = rate_of_clock(stream, rate);
    facts->fps = facts->variable ? nominal(stream, rate)
                                 : frame_rate_exact(rational_make(rate.num, rate.den));
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* Packets that come later are decoded later, and none is shown before that. */
static void keep_decided(GArray *times, int64_t last_dts)
{
    while (times->len && g_array_index(times, int64_t, times->len - 1) > last_dts)
        g_array_set_size(times, times->len - 1);
}

/* The times of the pictures of a stream among the packets read ahead, in their order; in ticks.
 * Where more packets follow, or should, pictures may be missing that are shown before the last
 * ones: as many as a decoder holds back at most (ITU-T H.264 and H.265, max_dec_frame_buffering),
 * or where times of decoding are told, before the last of these. */
static GArray *times_ahead(const struct source *source, int stream, bool more)
{
    enum { HELD_MOST = 16 };
    GArray *times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t last_dts = AV_NOPTS_VALUE;
    for (GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index != stream || packet->pts == AV_NOPTS_VALUE)
            continue;
        g_array_append_val(times, packet->pts);
        last_dts = packet->dts;
    }
    g_array_sort(times, by_time);
    if (more && source_is_transport_stream(source) && last_dts != AV_NOPTS_VALUE)
        keep_decided(times, last_dts);
    else if (more)
        g_array_set_size(times, times->len - MIN(times->len, HELD_MOST));
    return times;
}

static bool are_all_timed(const struct source *source, int stream)
{
    for (const GList *at = source->ahead.head; at; at = at->next) {
        const AVPacket *packet = at->data;
        if (packet->stream_index == stream && packet->pts == AV_NOPTS_VALUE)
            return false;
    }
    return true;
}

/* NAN where there are no two. */
static double mean_step(const GArray *times)
{
    const int64_t *at = (const int64_t *)(void *)times->data;
    return times->len > 1 ? (double)(at[times->len - 1] - at[0]) / (times->len - 1) : NAN;
}

/* Of the steps between times; 0 and 0 where there are no two. */
static struct evenness evenness_between(const GArray *times)
{
    const int64_t *at = (const int64_t *)(void *)times->data;
    g_autofree int64_t *steps = g_new(int64_t, times->len + 1);
    if (times->len < 2)
        return (struct evenness){0, 0};
    for (unsigned i = 1; i < times->len; i++)
        steps[i - 1] = at[i] - at[i - 1];
    return evenness_of(steps, (int)times->len - 1);
}

/* One step alone is let pass among many. */
static bool is_uneven(const GArray *times)
{
    enum { MANY = 50 };
    return evenness_between(times).off * times->len >
           fmax(uneven_most * times->len, times->len > MANY ? 1.5 : 0);
}

void source_read_ahead(struct source *source, unsigned packets, int64_t most)
{
    int64_t bytes = 0;
    while (source->ahead.length < packets && bytes < most && source->ahead_error >= 0 &&
           !source_complains(source)) {
        AVPacket *packet = packet_new();
        source->ahead_error = source_demux(source, packet);
        if (source->ahead_error < 0) {
            av_packet_free(&packet);
            break;
        }
        bytes += packet->size;
        g_queue_push_tail(&source->ahead, packet);
    }
}

/* libavformat's base rate of pictures further apart than a second is of some other length. */
static bool is_slow(const AVStream *stream)
{
    AVRational mean = stream->avg_frame_rate;
    return mean.num > 0 && mean.num < mean.den;
}

/* No sample table shows its steps, and it is held for variable by the first pictures' average, or
 * there is no average, or one that fields have as well, or the one that Matroska promises (RFC
 * 9559, DefaultDuration), whichever pictures are missing, or that of a sequence header, which
 * pictures come far behind. */
static bool is_doubtful(const struct source *source, const struct source_stream *facts)
{
    AVStream *stream = source->format->streams[facts->index];
    double mean = mean_share(stream);
    bool promised = strstr(source->health.container, "matroska");
    if (!isnan(evenness(stream).off))
        return false;
    return is_slow(stream) || facts->variable || isnan(mean) || is_half(mean) || mean > 2 ||
           promised;
}

/* What libavformat makes of it where nobody says a rate, or the pictures, which all fit another
 * one, deny; it may be that of fields. */
static bool is_wrong(const AVStream *stream, AVRational rate, struct rational fit)
{
    if (!is_known(stream, rate) || !frame_rate_is_usual(av_q2d(rate)))
        return true;
    return !is_half(mean_share(stream)) && fabs(rational_value(fit) / av_q2d(rate) - 1) > 0.01;
}

/* Without an average, of a few pictures that are far apart, as of a time lapse, a base rate is
 * told; and what is promised may not be kept. */
static bool is_too_fast(AVStream *stream, const struct source_stream *facts, double step_s)
{
    const double rate = rational_value(facts->fps);
    return isnan(mean_share(stream)) ? step_s * rate > 1.5 : exceeds(rate, step_s);
}

/* Their usual step is of far fewer. */
static bool is_overstated(struct rational rate, const GArray *times, double tick_s)
{
    return exceeds(rational_value(rate), (double)evenness_between(times).usual * tick_s);
}

/* What the container tells is the rate of fields. */
static bool is_doubled(struct rational rate, const GArray *times, double tick_s)
{
    const double usual_s = (double)evenness_between(times).usual * tick_s;
    return fabs(usual_s * rational_value(rate) - 2) < 0.1;
}

/* Of those that are uneven; what a header says beside pictures that come far behind it is no rate
 * of theirs. */
static struct rational nominal_of_times(const struct source *source, AVStream *stream,
                                        const GArray *times)
{
    const double tick_s = av_q2d(stream->time_base);
    const struct rational fps = nominal(stream, stream->r_frame_rate);
    const bool paired = source->tracks[stream->index].pairs > 0;
    if (paired && is_doubled(fps, times, tick_s))
        return frame_rate_exact(rational_make(fps.num, fps.den * 2));
    return (paired || source_is_transport_stream(source)) && is_overstated(fps, times, tick_s)
               ? frame_rate_nominal(1 / (mean_step(times) * tick_s))
               : fps;
}

/* A constant rate between whose pictures some are missing, which has lowered the average that is
 * told; far less than where each is two fields. 0/1: none. */
static struct rational rate_with_holes(const GArray *times, double tick_s, struct rational told)
{
    const struct rational fps = frame_rate_of_raster(
        (const int64_t *)(void *)times->data, times->len, tick_s, evenness_between(times).usual);
    const double times_told = rational_value(fps) / rational_value(told);
    return times_told > 1 && times_told < 1.5 ? fps : (struct rational){0, 1};
}

static void judge_times(const struct source *source, const GArray *times,
                        struct source_stream *facts)
{
    AVStream *stream = source->format->streams[facts->index];
    const double tick_s = av_q2d(stream->time_base), step = mean_step(times);
    const AVRational told = {(int)facts->fps.num, (int)facts->fps.den};
    const struct rational fit =
        frame_rate_of_times((const int64_t *)(void *)times->data, times->len, tick_s, facts->fps);
    const struct rational holed = rate_with_holes(times, tick_s, facts->fps);
    const bool uneven = is_uneven(times);
    if (fit.num > 0 && (facts->variable || is_wrong(stream, told, fit))) {
        facts->fps = fit;
        facts->variable = false;
    } else if (holed.num > 0 && (facts->variable || uneven)) {
        facts->fps = holed;
        facts->variable = uneven;
    } else if (!is_known(stream, told)) {
        facts->fps = step > 0 ? frame_rate_nominal(1 / (step * tick_s)) : facts->fps;
        facts->variable = true;
    } else if (uneven) {
        facts->fps = nominal_of_times(source, stream, times);
        facts->variable = true;
    } else if (is_too_fast(stream, facts, step * tick_s)) {
        facts->fps = frame_rate_nominal(1 / (step * tick_s));
        facts->variable = !is_usual(facts->fps);
    }
}

enum { EVEN = 200, UNEVEN = 1000 }; /* packets that tell a rate, or that there is one */
enum { BYTES_MOST = 32 << 20 };

/* Where pictures are far apart, the packets of sound between them are many. */
static void read_pictures(struct source *source, int stream, unsigned least)
{
    enum { AHEAD_MOST = 32000, FEW = 24 };
    for (unsigned packets = least; packets <= AHEAD_MOST; packets *= 2) {
        source_read_ahead(source, packets, BYTES_MOST);
        g_autoptr(GArray) times = times_ahead(source, stream, false);
        if (times->len >= FEW || source->ahead.length < packets)
            return;
    }
}

/* libavformat gives the last picture of a transport stream the length of one at the base rate, and
 * passes over those that come more than a minute behind the one before. */
static void mend_length(AVFormatContext *format, const GArray *times,
                        const struct source_stream *facts)
{
    AVStream *stream = format->streams[facts->index];
    const double fps = rational_value(facts->fps), tick_s = av_q2d(stream->time_base);
    if (facts->variable || !(fps > 0 && fps < av_q2d(stream->r_frame_rate)) ||
        stream->duration <= 0)
        return;
    const double told = (double)stream->duration * tick_s * fps;
    const double seen = mean_step(times) * times->len * tick_s * fps;
    const double count = ceil(fmax(told, seen) - 0.01);
    stream->duration = llround(count / fps / tick_s);
    format->duration =
        MAX(format->duration, llround((facts->start_s + count / fps) * AV_TIME_BASE));
}

/* The rate of a transport stream that libavformat tells is that of a header, and so is the average,
 * whichever pictures come. Some may have no times of their own. Packets of a track of which nothing
 * is known yet would have no length. */
static bool is_broken_promise(struct source *source, const struct source_stream *facts)
{
    const AVStream *stream = source->format->streams[facts->index];
    if (!source_is_transport_stream(source) || source_has_late(source))
        return false;
    source_read_ahead(source, EVEN, BYTES_MOST);
    g_autoptr(GArray) times = times_ahead(source, facts->index, true);
    return are_all_timed(source, facts->index) &&
           is_overstated(facts->fps, times, av_q2d(stream->time_base));
}

static bool is_of_fields(struct source *source, const struct source_stream *facts)
{
    enum { PACKETS = 100, BYTES = 8 << 20 };
    const struct track *track = &source->tracks[facts->index];
    if (track->may_be_fields)
        source_read_ahead(source, PACKETS, BYTES);
    return track->pairs > 0;
}

/* What its container counts, and the rates it tells, are of fields. */
static void count_pictures(struct source *source, struct source_stream *facts)
{
    AVStream *stream = source->format->streams[facts->index];
    stream->nb_frames = 0;
    stream->avg_frame_rate = stream->r_frame_rate =
        (AVRational){(int)facts->fps.num, (int)facts->fps.den};
    facts->counted = -1;
}

void source_measure_rate(struct source *source)
{
    struct source_stream *facts =
        source->picture < 0 ? NULL : &source->tracks[source->picture].facts;
    if (!facts)
        return;
    const bool of_fields = is_of_fields(source, facts);
    if (facts->fps.num > 0 && !of_fields && !is_doubtful(source, facts) &&
        !is_broken_promise(source, facts))
        return;
    read_pictures(source, facts->index, facts->variable ? UNEVEN : EVEN);
    const bool ended = source->ahead_error == AVERROR_EOF && !source_complains(source);
    g_autoptr(GArray) times = times_ahead(source, facts->index, !ended);
    judge_times(source, times, facts);
    if (of_fields)
        count_pictures(source, facts);
    if (source_is_transport_stream(source))
        mend_length(source->format, times, facts);
}

/* Pictures of two fields may come as one packet or as two, and in H.264 each as it likes. */
static bool may_be_fields(const AVCodecParameters *par, double times)
{
    const bool fields = par->field_order > AV_FIELD_PROGRESSIVE ||
                        (par->codec_id == AV_CODEC_ID_H264 && h264_may_be_fields(par));
    return fields && fabs(times - 2) < 0.01;
}

void source_vary(struct source *source)
{
    static const double same_most = 1.02; /* 30 and 29.97 are one */
    const struct splice *splice = &source->splice;
    if (source->picture < 0 || !(splice->step_least > 0))
        return;
    struct source_stream *facts = &source->tracks[source->picture].facts;
    const double times = splice->step_most / splice->step_least;
    if (facts->variable || times < same_most || may_be_fields(facts->av->codecpar, times))
        return;
    facts->fps = frame_rate_nominal(1 / (splice->step_least * av_q2d(facts->av->time_base)));
    facts->variable = true;
}
