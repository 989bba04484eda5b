/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tracks of which a part is copied: packets that are in it, and of PCM the samples. */
#include "media/cut.h"
#include "model/holds.h"

#include "render.h"

#include <math.h>

/* Containers round times to milliseconds. */
static const double ROUNDING_S = 0.001;
/* What is so much before the programme at most is priming of its sound. */
static const double PRIMING_S = 0.1;

static double seconds(int64_t ts, AVRational time_base)
{
    return ts == AV_NOPTS_VALUE ? NAN : (double)ts * av_q2d(time_base);
}

/* --- opening --- */

static bool cut_picture(const struct branch *branch, struct lane *lane, struct failure *failure)
{
    const struct render *render = branch->render;
    const struct source_opts how = job_source_opts(render->job, 0, 1);
    struct cut cut;
    g_auto(source_ptr) source = source_open(render->job->fds[0], &how, failure);
    chain_span(branch->clock, &cut.from_s, &cut.to_s);
    if (!source || !cut_snap(source, &cut, 0, render->start_s, failure))
        return false;
    lane->from_s = lane->zero_s = cut.from_s;
    lane->to_s = isnan(cut.to_s) ? INFINITY : cut.to_s;
    lane->slack_s = cut_slack_s(source);
    return true;
}

/* How long a sample of PCM lasts in bytes, all channels; 0: it isn't PCM. */
static int pcm_bytes(const AVCodecParameters *par)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(par->codec_id);
    int bits = av_get_exact_bits_per_sample(par->codec_id);
    bool pcm = par->codec_type == AVMEDIA_TYPE_AUDIO && row && g_str_has_prefix(row->name, "pcm_");
    return pcm && bits % 8 == 0 ? bits / 8 * par->ch_layout.nb_channels : 0;
}

/* Where it begins is a packet's business, which in MP4 only an edit list can tell. */
static bool can_begin_late(const struct branch *branch, const AVCodecParameters *par,
                           struct failure *failure)
{
    bool told = !encode_is_bare(branch->output->encode, branch->container->name) || pcm_bytes(par);
    return told || fail(failure, FAIL_CONFIG,
                        "trim: without edit lists, copied sound can't begin at a packet of its "
                        "own: name a codec for the sound");
}

bool cut_keeps_priming(const struct branch *branch)
{
    return chain_origin(branch->clock) <= branch->render->start_s + ROUNDING_S;
}

bool lane_cut(struct branch *branch, struct lane *lane)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    struct failure *failure = &branch->result->failure;
    struct time_line line;
    lane->cut = true;
    if (stream->type == AVMEDIA_TYPE_VIDEO)
        return cut_picture(branch, lane, failure);
    if (!chain_time_line(branch->clock, &line))
        return fail(failure, FAIL_INTERNAL, "a trim bends time");
    lane->from_s = lane->zero_s = line.origin_s;
    lane->to_s = line.origin_s + (isnan(line.length_s) ? INFINITY : line.length_s);
    lane->slack_s = ROUNDING_S;
    lane->primed = cut_keeps_priming(branch);
    return stream->type != AVMEDIA_TYPE_AUDIO ||
           can_begin_late(branch, stream->av->codecpar, failure);
}

/* --- packets --- */

/* The second field of a picture may have no time of its own. */
static bool picture_is_kept(const struct lane *lane, const AVCodecParameters *par,
                            const AVPacket *packet, double at_s)
{
    if (packet->flags & AV_PKT_FLAG_DISCARD)
        return false;
    if (isnan(at_s))
        return lane->packets > 0;
    return at_s >= lane->from_s - lane->slack_s && at_s < lane->to_s - lane->slack_s &&
           (lane->packets > 0 || cut_can_begin(par, packet));
}

static bool is_whole(const struct lane *lane, const AVCodecParameters *par, const AVPacket *packet,
                     double at_s, double lasts_s)
{
    double early_s = lane->primed ? PRIMING_S : lane->slack_s;
    return at_s >= lane->from_s - early_s && at_s < lane->to_s &&
           at_s + lasts_s <= lane->to_s + lane->slack_s &&
           (lane->packets > 0 || cut_can_begin(par, packet));
}

/* Leaves the samples that are in the part; false: there are none. */
static bool cut_samples(const struct lane *lane, const AVCodecParameters *par, AVPacket *packet,
                        double at_s, AVRational time_base)
{
    const int bytes = pcm_bytes(par);
    const double rate = par->sample_rate;
    int64_t count = packet->size / bytes;
    int64_t first = llround(fmax(lane->from_s - at_s, 0) * rate);
    int64_t end = llround(fmin((lane->to_s - at_s) * rate, (double)count));
    if (end <= first)
        return false;
    if (first == 0 && end == count)
        return true;
    const AVRational sample = {1, par->sample_rate};
    packet->data += first * bytes;
    packet->size = (int)(end - first) * bytes;
    packet->pts += av_rescale_q(first, sample, time_base);
    packet->dts = packet->pts;
    packet->duration = av_rescale_q(end - first, sample, time_base);
    return true;
}

static bool is_kept(const struct lane *lane, const AVCodecParameters *par, AVPacket *packet,
                    AVRational time_base)
{
    double at_s = seconds(packet->pts, time_base);
    if (par->codec_type == AVMEDIA_TYPE_VIDEO)
        return picture_is_kept(lane, par, packet, at_s);
    if (isnan(at_s))
        return false;
    return pcm_bytes(par) ? cut_samples(lane, par, packet, at_s, time_base)
                          : is_whole(lane, par, packet, at_s, seconds(packet->duration, time_base));
}

/* Nothing that is decoded later is shown earlier. */
static bool is_behind(const struct lane *lane, const AVPacket *packet, AVRational time_base)
{
    double to_s = lane->seams ? lane->seams->to_s : lane->to_s;
    return seconds(packet->dts, time_base) >= to_s;
}

/* The first picture of seams may be a few ticks before the moment that was asked for: before 0, it
 * would be hidden. */
static void move(const struct lane *lane, AVPacket *packet, AVRational time_base, bool picture)
{
    int64_t offset = llround(lane->zero_s / av_q2d(time_base));
    int64_t least = picture || lane->primed ? INT64_MIN : 0;
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts = MAX(packet->pts - offset, lane->seams ? 0 : least);
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts = MAX(packet->dts - offset, least);
}

/* Where the first pictures of an open group are left out, the time in which they were decoded would
 * be a hole behind the first, which a MOV tells as a rate. */
static void close_up(const struct lane *lane, const AVCodecParameters *par, AVPacket *packet)
{
    const bool first = !lane->packets && !lane->seams && par->codec_type == AVMEDIA_TYPE_VIDEO;
    if (first && par->video_delay > 0 && packet->duration > 0 && packet->pts != AV_NOPTS_VALUE &&
        packet->dts != AV_NOPTS_VALUE)
        packet->dts = MAX(packet->dts, packet->pts - par->video_delay * packet->duration);
}

/* MXF tells when a picture is shown by its number in its group, of which the first pictures would
 * be missing (SMPTE ST 377-1, index tables; ISO/IEC 13818-2, temporal_reference). */
static bool counts_from_zero(const struct branch *branch, const struct lane *lane,
                             const AVPacket *packet, AVRational time_base)
{
    bool leading = lane->packets > 0 && seconds(packet->pts, time_base) < lane->from_s;
    bool picture = source_stream(branch->render->source, lane->stream)->type == AVMEDIA_TYPE_VIDEO;
    return !leading || !picture || !g_str_has_prefix(branch->container->name, "mxf") ||
           fail(&branch->result->failure, FAIL_CONFIG,
                "trim: an MXF can't begin in an open group of pictures, whose first ones are left "
                "out: begin at a closed one, write another container, or name a codec");
}

/* Of a single picture, MOV and MP4 show nothing unless it lasts; Matroska has no place for it. */
static void fill_duration(const struct branch *branch, const struct lane *lane, AVPacket *packet,
                          AVRational time_base)
{
    bool picture = source_stream(branch->render->source, lane->stream)->type == AVMEDIA_TYPE_VIDEO;
    if (picture && packet->duration <= 0 && list_has("mp4 mov", branch->container->name))
        packet->duration = llround(2 * lane->slack_s / av_q2d(time_base));
}

/* --- seams --- */

static int64_t due(const AVPacket *packet)
{
    return packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
}

static bool write_seam(struct branch *branch, struct lane *lane, AVRational time_base)
{
    AVPacket *packet = lane->seams->packets->pdata[lane->seam++];
    move(lane, packet, time_base, true);
    return writer_write(branch->writer, lane->track, packet, time_base, &branch->result->failure);
}

/* Each when it is due, so that no other track waits for it. */
static bool write_seams(struct branch *branch, struct lane *lane, double until_s,
                        AVRational time_base)
{
    while (lane->seams && lane->seam < lane->seams->packets->len) {
        const AVPacket *next = lane->seams->packets->pdata[lane->seam];
        if (seconds(next->dts, time_base) > until_s)
            break;
        if (!write_seam(branch, lane, time_base))
            return false;
    }
    return true;
}

bool cut_finish(struct branch *branch, struct lane *lane)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    return write_seams(branch, lane, INFINITY, stream->av->time_base);
}

static bool end_cut(struct branch *branch, struct lane *lane)
{
    lane->ended = true;
    if (!cut_finish(branch, lane))
        return false;
    writer_end_track(branch->writer, lane->track);
    return true;
}

bool cut_packet(struct branch *branch, struct lane *lane, AVPacket *packet)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    const AVCodecParameters *par = stream->av->codecpar;
    AVRational time_base = stream->av->time_base;
    if (lane->ended)
        return true;
    lane->met++;
    if (is_behind(lane, packet, time_base))
        return end_cut(branch, lane);
    if (!write_seams(branch, lane, seconds(due(packet), time_base), time_base))
        return false;
    if (!is_kept(lane, par, packet, time_base))
        return counts_from_zero(branch, lane, packet, time_base);
    fill_duration(branch, lane, packet, time_base);
    move(lane, packet, time_base, stream->type == AVMEDIA_TYPE_VIDEO);
    close_up(lane, par, packet);
    double from_s = seconds(packet->pts, time_base);
    double to_s = from_s + seconds(packet->duration, time_base);
    lane->first_s = lane->packets ? fmin(lane->first_s, from_s) : from_s;
    lane->end_s = fmax(lane->end_s, to_s);
    lane->packets++;
    return writer_write(branch->writer, lane->track, packet, time_base, &branch->result->failure);
}

/* --- what is said of it --- */

static void note_seams(struct branch *branch, const struct lane *lane, const char *words)
{
    const struct seams *seams = lane->seams;
    g_autofree char *near = isinf(seams->psnr_db) ? g_strdup("the same as well")
                                                  : g_strdup_printf("%.1f dB near", seams->psnr_db);
    branch_note(branch,
                "%s: %" PRId64 " pictures copied, %d at the start and %d at the end encoded again; "
                "decoded beside the source, those copied are the same, the others %s",
                words, lane->packets, seams->head, seams->tail, near);
}

void note_cut(struct branch *branch, const struct lane *lane)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    g_autofree char *words = stream_words(branch->render->source, lane->stream);
    if (!lane->packets || stream->type == AVMEDIA_TYPE_DATA)
        return;
    if (lane->seams && lane->seams->packets->len)
        note_seams(branch, lane, words);
    else if (stream->type == AVMEDIA_TYPE_VIDEO)
        branch_note(branch, "%s copied: %" PRId64 " picture%s, none before or behind is left",
                    words, lane->packets, lane->packets == 1 ? "" : "s");
    else if (pcm_bytes(stream->av->codecpar))
        branch_note(branch, "%s copied: cut to the sample", words);
    else
        branch_note(branch, "%s copied: cut to whole packets, %.3f-%.3f s of the programme", words,
                    fmax(lane->first_s, 0), lane->end_s);
}
