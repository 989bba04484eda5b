/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where one transport stream was put behind another. */
#include "source.h"

#include <math.h>
#include <string.h>

/* Packets that are looked through for where the picture's times begin anew, and their bytes; as far
 * apart are the packets of two tracks that belong together. */
enum { AHEAD_MOST = 400, BYTES_MOST = 16 << 20, BESIDE = 100 };

/* Times go back by more, and the next go on within, where they begin anew. The first is that of
 * ffmpeg's fftools (ts discontinuities). */
static const double BACK_S = 0.1, ON_S = 1;

static bool is_transport_stream(const struct source *source)
{
    return !source->pictures && strcmp(source->health.container, "mpegts") == 0;
}

static bool goes_back(const struct track *track, int64_t before, int64_t dts)
{
    return before != AV_NOPTS_VALUE && dts != AV_NOPTS_VALUE &&
           track_seconds(track, dts) < track_seconds(track, before) - BACK_S;
}

/* One packet whose time is wrong isn't a new beginning: the next goes on from there. */
static bool is_followed(const struct track *track, int64_t dts, const AVPacket *next)
{
    if (!next || next->dts == AV_NOPTS_VALUE)
        return true;
    double step_s = track_seconds(track, next->dts) - track_seconds(track, dts);
    return step_s >= 0 && step_s < ON_S;
}

static bool leaps(const struct track *track, int64_t before, int64_t dts)
{
    return before != AV_NOPTS_VALUE && dts != AV_NOPTS_VALUE &&
           track_seconds(track, dts) > track_seconds(track, before) + ON_S;
}

static const AVPacket *next_of(const struct track *track, GList **link)
{
    while (*link) {
        const AVPacket *packet = (*link)->data;
        *link = (*link)->next;
        if (packet->stream_index == track->facts.index)
            return packet;
    }
    return NULL;
}

static int64_t later(int64_t end, const AVPacket *packet)
{
    int64_t to = packet->pts == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : packet->pts + packet->duration;
    return end == AV_NOPTS_VALUE || to > end ? to : end;
}

/* What is added to the times behind the place where those of `track` begin anew, so that its parts
 * meet. False: they don't. */
static bool find_step(struct source *source, const struct track *track, int64_t *step)
{
    source_read_ahead(source, AHEAD_MOST, BYTES_MOST);
    GList *link = source->ahead.head;
    const bool here = source->packet->stream_index == track->facts.index;
    const AVPacket *at = here ? source->packet : next_of(track, &link);
    int64_t before = track->last_dts, end = track->part_end;
    for (; at; at = next_of(track, &link)) {
        GList *behind = link;
        if (goes_back(track, before, at->dts) &&
            is_followed(track, at->dts, next_of(track, &behind))) {
            *step = end - (at->pts != AV_NOPTS_VALUE ? at->pts : at->dts);
            return end != AV_NOPTS_VALUE;
        }
        before = at->dts;
        end = later(end, at);
    }
    return false;
}

/* The picture's times tell; without one, those of the sound. */
static bool begin_part(struct source *source, double *at_s)
{
    const int leads = source->picture >= 0 ? source->picture : source->sound;
    struct splice *splice = &source->splice;
    const struct track *track = leads < 0 ? NULL : &source->tracks[leads];
    int64_t moved = 0;
    if (!track || !find_step(source, track, &moved))
        return false;
    if (splice->moved->len)
        moved += g_array_index(splice->moved, int64_t, splice->moved->len - 1);
    g_array_append_val(splice->moved, moved);
    *at_s = track->run_s;
    return true;
}

static void enter_part(const struct source *source, struct track *track)
{
    track->part++;
    track->part_end = AV_NOPTS_VALUE;
    track->moved = g_array_index(source->splice.moved, int64_t, track->part - 1);
}

static bool refuse(double at_s, struct failure *failure)
{
    return fail(failure, FAIL_UNSUPPORTED,
                "%.3f s: the times begin anew, as where one transport stream is put behind "
                "another; with `inputs: {on_change: conform}` what follows goes on from there, or "
                "split the file there",
                at_s);
}

static bool goes_on(const struct track *track, int64_t before, int64_t dts)
{
    return dts != AV_NOPTS_VALUE && !goes_back(track, before, dts) && !leaps(track, before, dts);
}

/* The track goes on from `before` behind its packet at hand: at the next, or where that is one of
 * some that all are late, at one of those that are read ahead. */
static bool returns(const struct source *source, const struct track *track, int64_t before)
{
    const bool late = leaps(track, before, source->packet->dts);
    GList *link = source->ahead.head;
    for (const AVPacket *next = next_of(track, &link); next; next = next_of(track, &link)) {
        if (goes_on(track, before, next->dts))
            return true;
        if (!late)
            return false;
    }
    return false;
}

/* The times of a packet, or of some, are elsewhere: they are wrong, as of a bit that fell over. */
static void mend_time(struct source *source, const struct track *track)
{
    AVPacket *packet = source->packet;
    const int64_t before = track->last_dts;
    if (track->facts.type == AVMEDIA_TYPE_SUBTITLE || track->facts.type == AVMEDIA_TYPE_DATA ||
        before == AV_NOPTS_VALUE || packet->dts == AV_NOPTS_VALUE ||
        goes_on(track, before, packet->dts))
        return;
    source_read_ahead(source, AHEAD_MOST, BYTES_MOST);
    if (!returns(source, track, before))
        return;
    const int64_t off = packet->dts - before - (track->step > 0 ? track->step : packet->duration);
    source->health.mended_times++;
    packet->dts -= off;
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= off;
}

bool source_splice(struct source *source, struct track *track, struct failure *failure)
{
    AVPacket *packet = source->packet;
    struct splice *splice = &source->splice;
    double at_s = NAN;
    if (!is_transport_stream(source))
        return true;
    mend_time(source, track);
    const bool back = goes_back(track, track->last_dts, packet->dts);
    if (back && (track->part < splice->moved->len || begin_part(source, &at_s)))
        enter_part(source, track);
    track->step = track->last_dts == AV_NOPTS_VALUE ? 0 : packet->dts - track->last_dts;
    track->last_dts = packet->dts;
    track->part_end = later(track->part_end, packet);
    if (isnan(at_s))
        return true;
    source_spliced(source);
    if (source->health.restarts++ == 0)
        source->health.first_restart_s = at_s;
    return source->restarts != RESTARTS_REFUSED || refuse(at_s, failure);
}

/* --- what isn't damage there --- */

static bool is_beside(const struct source *source, int64_t packet)
{
    return packet && source->splice.read - packet < BESIDE;
}

void source_flagged(struct source *source, const struct track *track, double time_s)
{
    struct splice *splice = &source->splice;
    if (is_beside(source, splice->spliced_at))
        return;
    const bool more = is_beside(source, splice->flagged_at);
    if (!more)
        splice->error_before_s = source->health.first_error_s;
    splice->flagged = more ? splice->flagged + 1 : 1;
    splice->flagged_at = splice->read;
    splice->waits = splice->flagged == 1 && track->facts.index == source->picture ? 2 : 0;
    source->health.corrupt_packets++;
    source_note_error(source, time_s);
}

void source_spliced(struct source *source)
{
    struct splice *splice = &source->splice;
    if (!is_transport_stream(source))
        return;
    splice->spliced_at = splice->read;
    splice->waits = 0;
    if (!is_beside(source, splice->flagged_at))
        return;
    source->health.corrupt_packets -= splice->flagged;
    source->health.first_error_s = splice->error_before_s;
    splice->flagged = 0;
}

/* The picture goes on without a hole behind its flagged packet, soon with one that needs no other.
 * The flag may stand on the packet before: parsers keep one back. */
static void picture_meets(struct source *source, const struct track *track)
{
    const AVPacket *packet = source->packet;
    struct splice *splice = &source->splice;
    if (!splice->waits)
        return;
    const double late_s = track_seconds(track, packet->pts) - track->run_s;
    const double half_s = (double)packet->duration * av_q2d(packet->time_base) / 2;
    const bool hole = late_s > half_s || 2 * track->step > 3 * packet->duration;
    splice->waits = hole ? 0 : splice->waits - 1;
    if (!hole && packet->flags & AV_PKT_FLAG_KEY)
        source_spliced(source);
}

void source_splice_meets(struct source *source, struct track *track)
{
    const AVRational tb = track->facts.av->time_base;
    const double most_s = track->part && track->step < 0 ? 0 : SPLICE_OVERLAP_S;
    if (!is_transport_stream(source))
        return;
    if (track->facts.index == source->picture)
        picture_meets(source, track);
    const double twice_s = track->run_s - track_seconds(track, source->packet->pts);
    if (track->facts.type != AVMEDIA_TYPE_AUDIO || !(twice_s > most_s && twice_s < ON_S))
        return;
    if (track->sound_from == AV_NOPTS_VALUE)
        source->health.sound_twice_s += twice_s;
    track->sound_from = llround(track->run_s / av_q2d(tb));
}

bool source_splice_forget(struct source *source)
{
    g_array_set_size(source->splice.moved, 0);
    source->splice.waits = 0;
    source->health.restarts = source->health.mended_times = 0;
    source->health.sound_twice_s = 0;
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        track->part = 0;
        track->moved = 0;
        track->last_dts = track->part_end = track->sound_from = AV_NOPTS_VALUE;
        track->run_s = NAN;
    }
    return source->restarts == RESTARTS_JOINED && is_transport_stream(source);
}
