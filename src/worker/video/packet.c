/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packets that are copied: moved to the programme's times, and left out where it doesn't reach. */
#include "render.h"

#include <math.h>

/* A subtitle is cut where the programme is; false when nothing of it is left. */
static bool cut_subtitle(AVPacket *packet, AVRational tb, double from_s, double to_s)
{
    if (packet->pts == AV_NOPTS_VALUE)
        return true;
    int64_t from = llround(from_s / av_q2d(tb));
    int64_t to = isnan(to_s) ? INT64_MAX : llround(to_s / av_q2d(tb));
    int64_t start = MAX(packet->pts, from), end = MIN(packet->pts + packet->duration, to);
    if (packet->pts >= to || (packet->pts < from && end <= from))
        return false;
    if (packet->duration > 0)
        packet->duration = end - start;
    packet->pts = start;
    packet->dts = packet->dts == AV_NOPTS_VALUE ? packet->dts : start;
    return true;
}

/* Sound before the programme, moved to its times, where no edit list hides it; what is just before
 * it is priming. */
static bool is_early(const struct branch *branch, const AVPacket *packet, AVRational tb)
{
    static const double priming_s = 0.1;
    static const char *const hide[] = {"mp4", "mov", NULL};
    return packet->pts != AV_NOPTS_VALUE &&
           (double)(packet->pts + packet->duration) * av_q2d(tb) < -priming_s &&
           !g_strv_contains(hide, branch->container->name);
}

/* Times are moved to where the programme starts. Picture and sound that are copied are whole. */
bool lane_packet(struct branch *branch, struct lane *lane, AVPacket *packet)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    AVRational tb = stream->av->time_base;
    const struct chain *chain = branch_chain(branch);
    double from = chain ? chain_origin(chain) : branch->render->start_s;
    double ignored, to = NAN;
    if (chain)
        chain_span(chain, &ignored, &to);
    if (stream->type == AVMEDIA_TYPE_SUBTITLE && chain && !chain_is_empty(chain) &&
        !cut_subtitle(packet, tb, from, to))
        return true;
    int64_t offset = llround(from / av_q2d(tb));
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    if (stream->type == AVMEDIA_TYPE_AUDIO && is_early(branch, packet, tb))
        return true;
    lane->packets++;
    return writer_write(branch->writer, lane->track, packet, tb, &branch->result->failure);
}
