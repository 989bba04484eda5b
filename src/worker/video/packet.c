/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packets that are copied: moved to the programme's times, and left out where it doesn't reach. */
#include "media/captions.h"
#include "media/frame.h"
#include "render.h"

#include <math.h>

/* A packet that doesn't say is shown until the next one, which isn't known yet, so it counts as a
 * moment. */
static double lasts_s(const AVPacket *packet, AVRational tb)
{
    return packet->duration > 0 ? (double)packet->duration * av_q2d(tb) : 0;
}

/* What was made of captions shows something. */
static bool takes_off(const struct branch *branch, const struct lane *lane, const AVPacket *packet)
{
    const AVStream *from = source_stream(branch->render->source, lane->stream)->av;
    const enum AVCodecID codec = from->codecpar->codec_id;
    return !(lane->subtitle && subtitle_is_captions(codec)) && subtitle_takes_off(codec, packet);
}

/* Where it ends without a step that says so; false when nothing is left. Containers round. */
static bool cut_at_end(const struct branch *branch, struct lane *lane, const AVPacket *packet,
                       double start_s, double *end_s)
{
    static const double rounding_s = 0.002;
    if (isnan(branch->length_s) || *end_s <= branch->length_s + rounding_s)
        return true;
    const bool late = start_s >= branch->length_s, shows = !takes_off(branch, lane, packet);
    lane->late_cues += late && shows;
    lane->cut_cues += !late && shows;
    *end_s = branch->length_s;
    return !late;
}

/* A cue is moved to the programme's times and cut where that ends; false when nothing is left. */
static bool move_cue(const struct branch *branch, struct lane *lane, AVPacket *packet,
                     AVRational tb)
{
    struct time_line line;
    if (packet->pts == AV_NOPTS_VALUE || !branch_time_line(branch, &line))
        return false;
    double start = (double)packet->pts * av_q2d(tb), end = start + lasts_s(packet, tb);
    if (!time_line_cut(&line, &start, &end) || !cut_at_end(branch, lane, packet, start, &end))
        return false;
    packet->pts = packet->dts = llround(start / av_q2d(tb));
    if (packet->duration > 0)
        packet->duration = llround(end / av_q2d(tb)) - packet->pts;
    if (!lane->subtitle || !takes_off(branch, lane, packet))
        lane->end_s = fmax(lane->end_s, end);
    return true;
}

/* The packet of no length that is seen as the programme begins waits for the next one, which may be
 * before that, too. True when this one waits, or takes off what did. */
static bool wait_for_start(const struct branch *branch, struct lane *lane, const AVPacket *packet,
                           AVRational tb)
{
    const AVStream *from = source_stream(branch->render->source, lane->stream)->av;
    struct time_line line;
    if (packet->duration > 0 || packet->pts == AV_NOPTS_VALUE || !branch_time_line(branch, &line))
        return false;
    const double at_s = (double)packet->pts * av_q2d(tb);
    if (at_s > line.origin_s)
        return false;
    av_packet_free(&lane->waiting);
    if (at_s == line.origin_s)
        return false;
    if (!subtitle_takes_off(from->codecpar->codec_id, packet)) {
        lane->waiting = packet_copy(packet);
        lane->waiting->pts = (int64_t)ceil(line.origin_s / av_q2d(tb));
    }
    return true;
}

static bool write_words(struct branch *branch, struct lane *lane, AVPacket *packet, AVRational tb)
{
    if (!packet->size)
        return true;
    lane->packets++;
    return writer_write(branch->writer, lane->track, packet, tb, &branch->result->failure);
}

static bool write_moved(struct branch *branch, struct lane *lane, AVPacket *packet, AVRational tb)
{
    if (!move_cue(branch, lane, packet, tb))
        return true;
    return (!lane->subtitle ||
            subtitle_convert(lane->subtitle, packet, &branch->result->failure)) &&
           write_words(branch, lane, packet, tb);
}

/* Cues made of captions have times of their own. */
static bool write_gathered(struct branch *branch, struct lane *lane, AVPacket *packet,
                           AVRational tb)
{
    return !packet->size || !move_cue(branch, lane, packet, tb) ||
           write_words(branch, lane, packet, tb);
}

static bool lane_is_captions(const struct branch *branch, const struct lane *lane)
{
    return captions_is_track(source_stream(branch->render->source, lane->stream)->av->codecpar);
}

static bool is_loaded_early(const struct branch *branch, const AVPacket *packet, AVRational tb)
{
    struct time_line line;
    return packet->pts != AV_NOPTS_VALUE && branch_time_line(branch, &line) &&
           (double)packet->pts * av_q2d(tb) < line.origin_s && !captions_is_null(packet);
}

static bool write_captions(struct branch *branch, struct lane *lane, AVPacket *packet,
                           AVRational tb)
{
    lane->others |= captions_leave_first(packet);
    lane->early |= !lane->subtitle && is_loaded_early(branch, packet, tb);
    if (!lane->subtitle)
        return write_moved(branch, lane, packet, tb);
    return subtitle_convert(lane->subtitle, packet, &branch->result->failure) &&
           write_gathered(branch, lane, packet, tb);
}

bool lane_end_captions(struct branch *branch, struct lane *lane)
{
    const AVRational tb = source_stream(branch->render->source, lane->stream)->av->time_base;
    const struct facts *facts = branch->render->job->task->source;
    const double end_s = facts ? branch->render->start_s + facts->duration_s : NAN;
    if (!lane->subtitle)
        return true;
    AVPacket *packet = packet_new();
    const bool fine = subtitle_end(lane->subtitle, end_s, packet, &branch->result->failure) &&
                      write_gathered(branch, lane, packet, tb);
    av_packet_free(&packet);
    return fine;
}

static bool lane_show_waiting(struct branch *branch, struct lane *lane)
{
    AVPacket *waiting = g_steal_pointer(&lane->waiting);
    const bool shown =
        !waiting || write_moved(branch, lane, waiting,
                                source_stream(branch->render->source, lane->stream)->av->time_base);
    av_packet_free(&waiting);
    return shown;
}

/* A sample of timed text whose length isn't known is shown until the next (3GPP TS 26.245). */
static bool is_endless(const struct branch *branch, const struct lane *lane, const AVPacket *packet)
{
    const AVStream *from = source_stream(branch->render->source, lane->stream)->av;
    return from->codecpar->codec_id == AV_CODEC_ID_MOV_TEXT && packet->duration <= 0 &&
           packet->pts != AV_NOPTS_VALUE;
}

static bool end_waiting(struct branch *branch, struct lane *lane, int64_t end)
{
    if (lane->waiting)
        lane->waiting->duration = MAX(end - lane->waiting->pts, 0);
    return lane_show_waiting(branch, lane);
}

static bool write_endless(struct branch *branch, struct lane *lane, const AVPacket *packet)
{
    if (!end_waiting(branch, lane, packet->pts))
        return false;
    if (!subtitle_takes_off(AV_CODEC_ID_MOV_TEXT, packet))
        lane->waiting = packet_copy(packet);
    return true;
}

bool lane_end_waiting(struct branch *branch, struct lane *lane)
{
    const AVStream *stream = source_stream(branch->render->source, lane->stream)->av;
    const struct facts *facts = branch->render->job->task->source;
    if (!lane->waiting || !facts || !is_endless(branch, lane, lane->waiting))
        return lane_show_waiting(branch, lane);
    return end_waiting(
        branch, lane,
        llround((branch->render->start_s + facts->duration_s) / av_q2d(stream->time_base)));
}

static bool write_cue(struct branch *branch, struct lane *lane, AVPacket *packet)
{
    AVRational tb = source_stream(branch->render->source, lane->stream)->av->time_base;
    lane->met++;
    if (lane_is_captions(branch, lane))
        return write_captions(branch, lane, packet, tb);
    if (is_endless(branch, lane, packet))
        return write_endless(branch, lane, packet);
    return wait_for_start(branch, lane, packet, tb) ||
           (lane_show_waiting(branch, lane) && write_moved(branch, lane, packet, tb));
}

/* A file that begins with its first packet, whenever that is, begins with that of its sound which
 * is nearest to the programme's start. */
static bool is_early(const struct branch *branch, const AVPacket *packet)
{
    return encode_is_bare(branch->output->encode, branch->container->name) &&
           packet->pts != AV_NOPTS_VALUE && packet->pts + packet->duration / 2 < 0;
}

/* What is before that primed the decoder: of AAC and MP3 a packet, the other half of the next. */
static bool leave_early(struct branch *branch, struct lane *lane, const AVPacket *packet,
                        AVRational tb)
{
    if (!is_early(branch, packet))
        return false;
    if (!lane->left_early)
        branch_note(branch,
                    "dropped: copied sound before the programme begins, which only an edit list "
                    "hides: what follows in its first %.3f s is faint or silent",
                    lasts_s(packet, tb));
    lane->left_early = true;
    return true;
}

/* Sound that ends before the programme begins: the writer keeps what primes a decoder. */
static bool is_priming(const struct source_stream *stream, const AVPacket *packet)
{
    return stream->type == AVMEDIA_TYPE_AUDIO && packet->pts != AV_NOPTS_VALUE &&
           packet->pts + packet->duration <= 0;
}

/* A program stream may leave times out, and where a picture may refer to several others nothing
 * else says when one is shown that is stored before others that are shown earlier. */
static bool says_when(struct branch *branch, const struct source_stream *stream,
                      const AVPacket *packet, double from_s)
{
    const bool silent = packet->pts == AV_NOPTS_VALUE && stream->av->codecpar->video_delay > 0 &&
                        strcmp(source_format(branch->render->source)->iformat->name, "mpeg") == 0;
    if (!silent || stream->type != AVMEDIA_TYPE_VIDEO)
        return true;
    g_autofree char *at =
        packet->dts == AV_NOPTS_VALUE
            ? g_strdup("")
            : g_strdup_printf("%.3f s: ",
                              (double)packet->dts * av_q2d(stream->av->time_base) - from_s);
    return fail(&branch->result->failure, FAIL_UNSUPPORTED,
                "%sa picture doesn't say when it is shown, as program streams may leave out: "
                "copied, it would come at another time; name a codec instead of `copy`",
                at);
}

/* Times are moved to where the programme starts. Picture and sound that are copied are whole. */
bool lane_packet(struct branch *branch, struct lane *lane, AVPacket *packet)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    AVRational tb = stream->av->time_base;
    const struct chain *chain = branch_chain(branch);
    double from = chain ? chain_origin(chain) : branch->render->start_s;
    if (stream->type == AVMEDIA_TYPE_SUBTITLE)
        return write_cue(branch, lane, packet);
    if (stream->type == AVMEDIA_TYPE_AUDIO && !sound_goes_on(branch, lane, packet))
        return branch->given_up;
    if (!says_when(branch, stream, packet, from))
        return false;
    if (lane->adts && !adts_take_off(lane->adts, packet, &branch->result->failure))
        return false;
    if (lane->cut)
        return cut_packet(branch, lane, packet);
    int64_t offset = llround(from / av_q2d(tb));
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    lane->met++;
    if (stream->type == AVMEDIA_TYPE_AUDIO && leave_early(branch, lane, packet, tb))
        return true;
    lane->packets += !is_priming(stream, packet);
    return writer_write(branch->writer, lane->track, packet, tb, &branch->result->failure);
}
