/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copied sound before the programme, which decoders need and nobody hears. Where it has holes (the
 * first packet of FFmpeg's fragments is early by as much as the picture is held back), libavformat
 * takes them for samples that an edit list hides, and as many that are to be heard. */
#include "media/frame.h"
#include "private.h"

struct early {
    AVPacket *packet;
    int64_t samples;
};

static void early_free(void *data)
{
    struct early *early = data;
    av_packet_free(&early->packet);
    g_free(early);
}

void early_destroy(GQueue *early)
{
    if (early)
        g_queue_free_full(early, early_free);
}

/* Rounded up: what only seems to be a hole, since times are coarse, is none. */
static int64_t holds(const AVStream *stream, int64_t samples, AVRational time_base)
{
    const AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    return av_rescale_q_rnd(samples, rate, time_base, AV_ROUND_UP);
}

static bool is_early(const AVStream *stream, const struct track *track, const AVPacket *packet,
                     AVRational time_base)
{
    if (!track->copied || track->packets || stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO ||
        packet->pts == AV_NOPTS_VALUE)
        return false;
    const int64_t counted = holds(stream, track->samples, time_base);
    return packet->pts + (counted > 0 ? counted : packet->duration) <= 0;
}

/* What comes that long before the last of them primes no decoder. */
static void drop_before(GQueue *early, int64_t last, AVRational time_base)
{
    static const double priming_s = 0.1;
    const struct early *first = NULL;
    while ((first = g_queue_peek_head(early)) &&
           (double)(last - first->packet->pts) * av_q2d(time_base) > priming_s)
        early_free(g_queue_pop_head(early));
}

bool writer_hold_early(struct writer *writer, int number, AVPacket *packet, AVRational time_base)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    if (!is_early(writer->format->streams[number], track, packet, time_base))
        return false;
    struct early *early = g_new(struct early, 1);
    *early = (struct early){packet_new(), track->samples};
    av_packet_move_ref(early->packet, packet);
    if (!track->early)
        track->early = g_queue_new();
    g_queue_push_tail(track->early, early);
    drop_before(track->early, early->packet->pts, time_base);
    return true;
}

/* A packet that seems to last for longer than what was counted does so if the next one does. */
static void follow_on(const AVStream *stream, const GQueue *queue, const AVPacket *next,
                      AVRational time_base)
{
    int64_t end = next->pts == AV_NOPTS_VALUE ? 0 : MIN(next->pts, 0);
    for (const GList *at = queue->tail; at; at = at->prev) {
        const struct early *early = at->data;
        AVPacket *packet = early->packet;
        const int64_t lasts =
            MAX(holds(stream, early->samples, time_base), MIN(packet->duration, next->duration));
        packet->pts = packet->dts = MAX(packet->pts, end - lasts);
        packet->duration = packet->duration > 0 ? MIN(packet->duration, lasts) : lasts;
        end = packet->pts;
        next = packet;
    }
}

bool writer_pass_early(struct writer *writer, int number, const AVPacket *next,
                       AVRational time_base, struct failure *failure)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    GQueue *early = g_steal_pointer(&track->early);
    const int64_t samples = track->samples;
    bool fine = true;
    if (!early)
        return true;
    follow_on(writer->format->streams[number], early, next, time_base);
    for (const GList *at = early->head; fine && at; at = at->next) {
        const struct early *one = at->data;
        track->samples = one->samples;
        fine = writer_send(writer, number, one->packet, time_base, failure);
    }
    track->samples = samples;
    early_destroy(early);
    return fine;
}
