/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where one transport stream was put behind another. */
#include "model/splice.h"
#include "../bytes/ts_tables.h"
#include "source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Packets that are looked through for where the picture's times begin anew, and their bytes; as far
 * apart are the packets of two tracks that belong together; so many in a row may have a wrong time.
 */
enum { AHEAD_MOST = 400, BYTES_MOST = 16 << 20, BESIDE = 100, WRONG_MOST = 16 };

/* Times go back by more, or leap by more, and the next go on within, where they begin anew. The
 * first two are those of ffmpeg's fftools (ts_discontinuity_detect, dts_delta_threshold). Where
 * pictures are farther apart (time lapse), a leap is so many of their steps, and next is within. */
static const double BACK_S = 0.1, LEAP_S = 10, ON_S = 1, LEAP_STEPS = 10, ON_STEPS = 2;

/* Times of 33 bits begin at 0 again (ISO/IEC 13818-1, 2.4.3.7); those of a track are no farther
 * apart. */
static const int64_t CLOCK = (int64_t)1 << 33, WRAP_MOST = (int64_t)3600 * 90000;

bool source_is_transport_stream(const struct source *source)
{
    return !source->pictures && strcmp(source->health.container, "mpegts") == 0;
}

/* Between two times; NAN where one of them isn't known. */
static double step_s(const struct track *track, int64_t before, int64_t dts)
{
    return track_seconds(track, dts) - track_seconds(track, before);
}

static bool goes_back(const struct track *track, int64_t before, int64_t dts)
{
    return step_s(track, before, dts) < -BACK_S;
}

/* Of this part, on average; NAN where there is none yet. */
static double usual_s(const struct track *track)
{
    return step_s(track, track->part_from, track->last_dts) / (double)(track->part_packets - 1);
}

static double leap_s(const struct track *track)
{
    return fmax(LEAP_S, LEAP_STEPS * usual_s(track));
}

static double on_s(const struct track *track)
{
    return fmax(ON_S, ON_STEPS * usual_s(track));
}

static bool leaps(const struct track *track, int64_t before, int64_t dts)
{
    return step_s(track, before, dts) > leap_s(track);
}

static bool is_sparse(const struct track *track)
{
    return track->facts.type == AVMEDIA_TYPE_SUBTITLE || track->facts.type == AVMEDIA_TYPE_DATA;
}

/* A key picture that is decoded no later than the one before it, and shown while that still is. */
static bool overlaps(const struct track *track, int64_t before, int64_t end, const AVPacket *packet)
{
    const bool key = track->facts.type == AVMEDIA_TYPE_VIDEO && packet->flags & AV_PKT_FLAG_KEY;
    return key && before != AV_NOPTS_VALUE && end != AV_NOPTS_VALUE &&
           packet->dts != AV_NOPTS_VALUE && packet->pts != AV_NOPTS_VALUE &&
           4 * (end - packet->pts) >= 3 * packet->duration && packet->dts <= before;
}

/* Behind a packet of the same track that was decoded at `before`; the latest end so far. */
static bool begins_anew(const struct track *track, int64_t before, int64_t end,
                        const AVPacket *packet)
{
    return goes_back(track, before, packet->dts) || overlaps(track, before, end, packet) ||
           (!is_sparse(track) && leaps(track, before, packet->dts));
}

/* One packet whose time is wrong isn't a new beginning: the next goes on from there. The last one
 * of all may lie far behind. */
static bool is_followed(const struct track *track, int64_t before, int64_t dts,
                        const AVPacket *next)
{
    if (!next || next->dts == AV_NOPTS_VALUE)
        return !leaps(track, before, dts);
    const double step = step_s(track, dts, next->dts);
    return step >= 0 && step < on_s(track);
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

/* Where the times of the picture leap, those of the sound do as well, unless pictures are missing.
 */
static bool sound_leaps(const struct source *source)
{
    const struct track *sound = source->sound < 0 ? NULL : &source->tracks[source->sound];
    if (!sound || sound->last_dts == AV_NOPTS_VALUE)
        return true;
    GList *link = source->ahead.head;
    const bool here = source->packet->stream_index == source->sound;
    const AVPacket *at = here ? source->packet : next_of(sound, &link);
    for (int64_t before = sound->last_dts; at; at = next_of(sound, &link)) {
        if (leaps(sound, before, at->dts))
            return true;
        before = at->dts;
    }
    return sound->part < source->splice.parts->len;
}

/* Between two packets, which begin at these bytes, a transport stream may be put behind another. */
static bool has_joint(const struct source *source, int64_t before, int64_t at)
{
    const GArray *joints = source->splice.joints;
    guint first = 0;
    if (!joints || before < 0 || at < 0)
        return true;
    for (guint past = joints->len; first < past;) { /* the first that ends behind `before` */
        const guint i = first + (past - first) / 2;
        if (g_array_index(joints, struct joint, i).to > before)
            past = i;
        else
            first = i + 1;
    }
    return first < joints->len && g_array_index(joints, struct joint, first).from < at;
}

/* The last of a track's packets so far. */
struct last {
    int64_t dts, end, pos;
};

static bool is_restart(const struct source *source, const struct track *track,
                       const struct last *last, const AVPacket *packet)
{
    return begins_anew(track, last->dts, last->end, packet) &&
           (!leaps(track, last->dts, packet->dts) ||
            (has_joint(source, last->pos, packet->pos) && sound_leaps(source)));
}

/* The part behind the place where the times of `track` begin anew, so that it meets the one before.
 * False: they don't. */
static bool find_part(struct source *source, const struct track *track, struct part *part)
{
    source_read_ahead(source, AHEAD_MOST, BYTES_MOST);
    GList *link = source->ahead.head;
    const bool here = source->packet->stream_index == track->facts.index;
    const AVPacket *at = here ? source->packet : next_of(track, &link);
    struct last last = {track->last_dts, track->part_end, track->last_pos};
    for (; at; at = next_of(track, &link)) {
        GList *behind = link;
        if (is_restart(source, track, &last, at) &&
            is_followed(track, last.dts, at->dts, next_of(track, &behind))) {
            part->moved = last.end - (at->pts != AV_NOPTS_VALUE ? at->pts : at->dts);
            part->pos = at->pos;
            return last.end != AV_NOPTS_VALUE;
        }
        last = (struct last){at->dts, later(last.end, at), at->pos};
    }
    return false;
}

/* The picture's times tell; without one, or before it, those of the sound. */
static const struct track *leading(const struct source *source)
{
    const struct track *picture = source->picture < 0 ? NULL : &source->tracks[source->picture];
    const struct track *sound = source->sound < 0 ? NULL : &source->tracks[source->sound];
    return picture && (!sound || picture->last_dts != AV_NOPTS_VALUE) ? picture : sound;
}

static void begin_part(struct source *source, double *at_s)
{
    struct splice *splice = &source->splice;
    const struct track *track = leading(source);
    struct part part = {0};
    if (!track || !find_part(source, track, &part))
        return;
    if (splice->parts->len)
        part.moved += g_array_index(splice->parts, struct part, splice->parts->len - 1).moved;
    g_array_append_val(splice->parts, part);
    *at_s = track->run_s;
}

/* The packet at hand, of another track, stands where the next one of that which leads begins a
 * part. */
static bool begins_with_part(struct source *source, const struct track *track)
{
    const struct track *leads = leading(source);
    if (!leads || leads->last_dts == AV_NOPTS_VALUE || track == leads ||
        !has_joint(source, leads->last_pos, source->packet->pos))
        return false;
    source_read_ahead(source, AHEAD_MOST, BYTES_MOST);
    GList *link = source->ahead.head;
    const AVPacket *at = next_of(leads, &link);
    const struct last last = {leads->last_dts, leads->part_end, leads->last_pos};
    return at && is_restart(source, leads, &last, at) &&
           is_followed(leads, last.dts, at->dts, next_of(leads, &link));
}

/* The packet at hand stands behind where the next part of its track begins, in the file. */
static bool is_behind(const struct source *source, const struct track *track)
{
    const int64_t pos = g_array_index(source->splice.parts, struct part, track->part).pos;
    return pos >= 0 && source->packet->pos >= pos;
}

static void enter_part(const struct source *source, struct track *track)
{
    track->moved = g_array_index(source->splice.parts, struct part, track->part).moved;
    track->part++;
    track->part_end = AV_NOPTS_VALUE;
    track->part_packets = 0;
}

/* The part of the packet at hand, as far as that has begun: of a track without one before, that of
 * the track which leads. True: the one before, if any, was in another. */
static bool catch_up(const struct source *source, struct track *track)
{
    const struct track *leads = leading(source);
    const bool first = track->last_dts == AV_NOPTS_VALUE;
    const guint before = track->part;
    while (first && leads && track->part < leads->part)
        enter_part(source, track);
    while (track->part < source->splice.parts->len && is_behind(source, track))
        enter_part(source, track);
    return first || track->part != before;
}

static bool goes_on(const struct track *track, int64_t before, int64_t dts)
{
    return dts != AV_NOPTS_VALUE && !goes_back(track, before, dts) &&
           !(step_s(track, before, dts) > on_s(track));
}

/* The track goes on from `before` behind its packet at hand: at the next, or where that is one of
 * some that all are late, at one of those that are read ahead. */
static bool returns(const struct source *source, const struct track *track, int64_t before)
{
    const bool late = step_s(track, before, source->packet->dts) > on_s(track);
    GList *link = source->ahead.head;
    const AVPacket *next = next_of(track, &link);
    for (int i = 0; next && i < (late ? WRONG_MOST : 1); i++, next = next_of(track, &link))
        if (goes_on(track, before, next->dts))
            return true;
    return false;
}

/* The times of a packet, or of some, are elsewhere: they are wrong, as of a bit that fell over. */
static void mend_time(struct source *source, const struct track *track)
{
    AVPacket *packet = source->packet;
    const int64_t before = track->last_dts;
    if (is_sparse(track) || before == AV_NOPTS_VALUE || packet->dts == AV_NOPTS_VALUE ||
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

/* --- in another codec --- */

/* In which the packet at hand is; 0: as it was. */
static uint8_t recoded(const struct source *source, const struct track *track)
{
    const GArray *recodings = source->splice.recodings;
    const int pid = track->facts.av->id;
    for (guint i = 0; recodings && i < recodings->len; i++) {
        const struct recoding *row = &g_array_index(recodings, struct recoding, i);
        if (row->pid == pid && row->at <= source->packet->pos)
            return row->type;
    }
    return 0;
}

static bool keeps_codec(const struct source *source, const struct track *track,
                        struct failure *failure)
{
    const uint8_t type =
        source_chosen(source, track->facts.index) == track ? recoded(source, track) : 0;
    return !type ||
           fail(failure, FAIL_UNSUPPORTED,
                "%.3f s: the %s goes on in another codec than %s (stream type 0x%02x), as where "
                "one transport stream is put behind another: split the file there, or convert both "
                "to one codec first",
                isnan(track->run_s) ? 0 : track->run_s,
                track->facts.type == AVMEDIA_TYPE_VIDEO ? "picture" : "sound",
                avcodec_get_name(track->facts.av->codecpar->codec_id), type);
}

/* --- times --- */

static int64_t beside(int64_t ts, int64_t at)
{
    for (int i = -1; i <= 1; i++)
        if (llabs(ts + i * CLOCK - at) <= WRAP_MOST)
            return ts + i * CLOCK;
    return ts;
}

void source_unwrap(struct source *source, AVPacket *packet)
{
    if (!source_is_transport_stream(source) || packet->stream_index >= source->count ||
        packet->dts == AV_NOPTS_VALUE)
        return;
    struct track *track = &source->tracks[packet->stream_index];
    const int64_t dts = packet->dts + track->wrapped;
    const int64_t to = track->demuxed_dts == AV_NOPTS_VALUE ? dts : beside(dts, track->demuxed_dts);
    track->wrapped += to - dts;
    track->demuxed_dts = packet->dts = to;
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts = beside(packet->pts + track->wrapped, to);
}

/* The stream's own rate (VUI of H.264, or a sequence header) may be a fraction of that of its
 * pictures, or a multiple, or not there. */
static void mend_duration(const struct track *track, AVPacket *packet)
{
    const double tb = av_q2d(track->facts.av->time_base), usual = usual_s(track) / tb;
    const struct rational fps = track->facts.fps;
    if (track->facts.type != AVMEDIA_TYPE_VIDEO)
        return;
    const int64_t even =
        !track->facts.variable && fps.num > 0 ? llround(1 / (rational_value(fps) * tb)) : 0;
    if (3 * packet->duration < even)
        packet->duration = even;
    if (usual >= 1 && (double)packet->duration >= 2 * usual)
        packet->duration = llround(usual);
}

bool source_splice(struct source *source, struct track *track, struct failure *failure)
{
    AVPacket *packet = source->packet;
    struct splice *splice = &source->splice;
    double at_s = NAN;
    if (!source_is_transport_stream(source))
        return true;
    if (!keeps_codec(source, track, failure))
        return false;
    mend_time(source, track);
    const bool anew = catch_up(source, track)
                          ? begins_with_part(source, track)
                          : begins_anew(track, track->last_dts, track->part_end, packet);
    if (anew && track->part == splice->parts->len)
        begin_part(source, &at_s);
    if (anew && track->part < splice->parts->len)
        enter_part(source, track);
    const bool timed = packet->dts != AV_NOPTS_VALUE;
    track->step = timed && track->last_dts != AV_NOPTS_VALUE ? packet->dts - track->last_dts : 0;
    track->last_dts = timed ? packet->dts : track->last_dts;
    track->last_pos = packet->pos;
    if (track->part_packets++ == 0)
        track->part_from = packet->dts;
    mend_duration(track, packet);
    track->part_end = later(track->part_end, packet);
    if (isnan(at_s))
        return true;
    source_spliced(source);
    if (source->health.restarts++ == 0)
        source->health.first_restart_s = at_s;
    return source->restarts != RESTARTS_REFUSED || splice_refuse(at_s, failure);
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
    if (!source_is_transport_stream(source))
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
    if (!source_is_transport_stream(source))
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
    g_array_set_size(source->splice.parts, 0);
    g_array_set_size(source->splice.runs, 0);
    source->splice.waits = 0;
    source->health.restarts = source->health.mended_times = 0;
    source->health.sound_twice_s = 0;
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        track->part = 0;
        track->moved = track->wrapped = track->part_packets = 0;
        track->last_dts = track->part_end = track->sound_from = AV_NOPTS_VALUE;
        track->part_from = track->demuxed_dts = AV_NOPTS_VALUE;
        track->run_s = NAN;
    }
    return source->parts.restarts > 0;
}
