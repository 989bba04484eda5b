/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packets that are copied: moved to the programme's times, and left out where it doesn't reach. */
#include "media/frame.h"
#include "model/holds.h"
#include "render.h"

#include <math.h>

/* A packet that doesn't say is shown until the next one, which isn't known yet, so it counts as a
 * moment. */
static double lasts_s(const AVPacket *packet, AVRational tb)
{
    return packet->duration > 0 ? (double)packet->duration * av_q2d(tb) : 0;
}

/* Where it ends without a step that says so; false when nothing is left. Containers round. */
static bool cut_at_end(const struct branch *branch, struct lane *lane, const AVPacket *packet,
                       double start_s, double *end_s)
{
    static const double rounding_s = 0.002;
    const AVStream *from = source_stream(branch->render->source, lane->stream)->av;
    if (isnan(branch->length_s) || *end_s <= branch->length_s + rounding_s)
        return true;
    const bool late = start_s >= branch->length_s,
               shows = !subtitle_takes_off(from->codecpar->codec_id, packet);
    lane->late_cues += late && shows;
    lane->cut_cues += !late && shows;
    *end_s = branch->length_s;
    return !late;
}

/* A cue is moved to the programme's times and cut where that ends; false when nothing is left. */
static bool move_cue(const struct branch *branch, struct lane *lane, AVPacket *packet,
                     AVRational tb)
{
    const AVStream *stream = source_stream(branch->render->source, lane->stream)->av;
    struct time_line line;
    if (packet->pts == AV_NOPTS_VALUE || !branch_time_line(branch, &line))
        return false;
    double start = (double)packet->pts * av_q2d(tb), end = start + lasts_s(packet, tb);
    if (!time_line_cut(&line, &start, &end) || !cut_at_end(branch, lane, packet, start, &end))
        return false;
    packet->pts = packet->dts = llround(start / av_q2d(tb));
    if (packet->duration > 0)
        packet->duration = llround(end / av_q2d(tb)) - packet->pts;
    if (!lane->subtitle || !subtitle_takes_off(stream->codecpar->codec_id, packet))
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

static bool write_moved(struct branch *branch, struct lane *lane, AVPacket *packet, AVRational tb)
{
    struct failure *failure = &branch->result->failure;
    if (!move_cue(branch, lane, packet, tb))
        return true;
    if (lane->subtitle && !subtitle_convert(lane->subtitle, packet, failure))
        return false;
    if (!packet->size)
        return true;
    lane->packets++;
    return writer_write(branch->writer, lane->track, packet, tb, failure);
}

bool lane_show_waiting(struct branch *branch, struct lane *lane)
{
    AVPacket *waiting = g_steal_pointer(&lane->waiting);
    const bool shown =
        !waiting || write_moved(branch, lane, waiting,
                                source_stream(branch->render->source, lane->stream)->av->time_base);
    av_packet_free(&waiting);
    return shown;
}

static bool write_cue(struct branch *branch, struct lane *lane, AVPacket *packet)
{
    AVRational tb = source_stream(branch->render->source, lane->stream)->av->time_base;
    lane->met++;
    return wait_for_start(branch, lane, packet, tb) ||
           (lane_show_waiting(branch, lane) && write_moved(branch, lane, packet, tb));
}

/* Sound before the programme, moved to its times, where no edit list hides it; what is just before
 * it is priming. A file that begins with its first packet, whenever that is, begins with the one
 * that is nearest to the programme's start. */
static bool is_early(const struct branch *branch, const AVPacket *packet, AVRational tb)
{
    static const double priming_s = 0.1;
    const char *container = branch->container->name;
    if (packet->pts == AV_NOPTS_VALUE)
        return false;
    if (encode_is_bare(branch->output->encode, container))
        return packet->pts + packet->duration / 2 < 0;
    return (double)(packet->pts + packet->duration) * av_q2d(tb) < -priming_s &&
           !(container_holds(container) & HOLDS_EDITS);
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
    if (stream->type == AVMEDIA_TYPE_AUDIO && is_early(branch, packet, tb))
        return true;
    lane->packets++;
    return writer_write(branch->writer, lane->track, packet, tb, &branch->result->failure);
}
