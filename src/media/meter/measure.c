/* SPDX-License-Identifier: GPL-3.0-or-later
 * A whole source through all meters. */
#include "../probe/fields.h"
#include "gop.h"
#include "media/encoder.h"
#include "media/frame.h"
#include "media/glance.h"
#include "media/meter.h"
#include "rate.h"
#include "sound.h"
#include "tags.h"
#include "times.h"

#include <math.h>

/* Pauses at a variable rate are often meant, and told by how long a picture is to be shown. */
static const double PAUSE_S = 2, PAUSE_FRAMES = 5;

struct measuring {
    const struct measure_opts *opts;
    struct source *source;
    struct facts *facts;
    struct picture_meter *picture;
    GArray *sounds;     /* struct sound_meter: the first track's first */
    const char *fields; /* of all pictures so far */
    double frame_s;     /* as long as a picture lasts; INFINITY at a variable rate */
    double late_s;      /* of the picture: more leaves a gap; NAN at a variable rate */
    double shown_s;     /* until when it was shown */
    int64_t packets;    /* of the picture */
    struct times_meter times;
    struct gop_meter gop;
    struct rate_meter bits;
    struct tags_meter tags;
    struct hdr_static hdr;
};

static struct sound_meter *sound_at(const struct measuring *m, guint i)
{
    return &g_array_index(m->sounds, struct sound_meter, i);
}

static void measuring_clear(struct measuring *m)
{
    for (guint i = 0; i < m->sounds->len; i++)
        sound_meter_clear(sound_at(m, i));
    g_array_unref(m->sounds);
    times_meter_clear(&m->times);
    rate_meter_clear(&m->bits);
    picture_meter_destroy(m->picture);
}

static bool feed_sound(struct measuring *m, const struct source_item *item, struct failure *failure)
{
    guint i = 0;
    while (sound_at(m, i)->stream != item->stream)
        i++;
    return sound_meter_feed(sound_at(m, i), item->frame, item->time_s, failure);
}

/* Half of a frame that is left out, and what Matroska rounds. MP4 stretches the frame before a hole
 * over it, so what a frame's duration says is no proof. */
static void begin_picture(struct measuring *m)
{
    const struct source_stream *stream = source_stream(m->source, source_picture(m->source));
    const double fps = rational_value(stream->fps);
    const bool constant = !stream->variable && fps > 0;
    m->frame_s = constant ? 1 / fps : INFINITY;
    m->late_s = constant ? 0.6 / fps + 0.001 : NAN;
    tags_meter_init(&m->tags, stream);
}

static double pause_s(const struct measuring *m)
{
    const double shown_s = m->times.last_s - m->times.first_s;
    const int64_t intervals = m->facts->decoded_frames - 2;
    return fmax(PAUSE_S, intervals > 0 ? PAUSE_FRAMES * shown_s / (double)intervals : INFINITY);
}

/* When it is to be decoded; in a stream without times by its number and the rate. */
static double packet_time(const struct measuring *m, const AVPacket *packet)
{
    const struct source_stream *stream = source_stream(m->source, packet->stream_index);
    const int64_t at = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    const double fps = rational_value(stream->fps);
    if (at != AV_NOPTS_VALUE)
        return (double)at * av_q2d(stream->av->time_base);
    return fps > 0 && !stream->variable ? (double)m->packets / fps : NAN;
}

static void feed_picture_packet(struct measuring *m, const AVPacket *packet)
{
    gop_meter_packet(&m->gop, packet);
    rate_meter_feed(&m->bits, packet_time(m, packet), packet->size);
    m->packets++;
}

static void feed_picture(struct measuring *m, const AVFrame *frame, double at_s)
{
    const double duration = (double)frame->pkt_duration * av_q2d(frame->time_base);
    const double fields = 1 + frame->repeat_pict / 2.0;
    if (m->facts->decoded_frames++ == 0)
        begin_picture(m);
    else
        m->facts->decoded_step_s = at_s - m->times.last_s;
    m->facts->decoded_last_s = m->facts->decoded_frames > 1 ? at_s - m->times.first_s : 0;
    times_meter_feed(&m->times, at_s, fmin(duration, m->frame_s) * fields,
                     isnan(m->late_s) ? pause_s(m) : m->late_s);
    m->shown_s = fmax(m->shown_s, at_s + duration * fields);
    tags_meter_feed(&m->tags, frame);
    hdr_from_frame(&m->hdr, frame);
    const char *says = frame_fields(frame);
    m->fields = !m->fields || !strcmp(m->fields, says) ? says : "mixed";
    gop_meter_frame(&m->gop, frame);
    if (m->opts->glance)
        glance_meter_picture(m->opts->glance, frame, at_s);
    if (m->opts->picture)
        picture_meter_feed(m->picture, frame, at_s, duration);
}

static void feed_packet(struct measuring *m, const struct source_item *item)
{
    if (item->stream == source_picture(m->source))
        feed_picture_packet(m, item->packet);
    if (m->opts->glance)
        glance_meter_packet(m->opts->glance, item->packet, item->time_s);
}

static void add_sound(struct measuring *m, int stream)
{
    const bool first = m->sounds->len == 0;
    struct sound_meter meter;
    sound_meter_init(&meter, stream);
    meter.metered = m->opts->loudness;
    meter.levels = first && m->opts->loudness;
    meter.glance = first ? m->opts->glance : NULL;
    g_array_append_val(m->sounds, meter);
}

/* A further track that can't be decoded is no reason not to look at the others, unless all of them
 * are asked for. */
static bool use_sounds(struct measuring *m, struct failure *failure)
{
    const int first = source_sound(m->source);
    if (first < 0)
        return true;
    if (!source_use(m->source, first, SOURCE_DECODE | SOURCE_PACKETS, failure))
        return false;
    add_sound(m, first);
    const bool all = m->opts->loudness || m->opts->tracks;
    for (int i = 0; all && i < source_streams(m->source); i++) {
        struct failure why = {FAIL_NONE, NULL};
        if (i == first || source_stream(m->source, i)->type != AVMEDIA_TYPE_AUDIO)
            continue;
        if (source_use(m->source, i, SOURCE_DECODE, &why))
            add_sound(m, i);
        else if (m->opts->tracks) {
            *failure = why;
            return false;
        }
        failure_clear(&why);
    }
    return true;
}

static bool use_streams(struct measuring *m, struct failure *failure)
{
    const int picture = m->opts->sound_only ? -1 : source_picture(m->source);
    if (picture >= 0 && !source_use(m->source, picture, SOURCE_DECODE | SOURCE_PACKETS, failure))
        return false;
    return use_sounds(m, failure) &&
           (m->opts->from_s <= 0 || source_seek(m->source, m->opts->from_s, failure));
}

static bool feed_frame(struct measuring *m, const struct source_item *item, struct failure *failure)
{
    if (m->opts->tap && !m->opts->tap(m->opts->ear, item, failure))
        return false;
    if (item->stream != source_picture(m->source))
        return feed_sound(m, item, failure);
    feed_picture(m, item->frame, item->time_s);
    return true;
}

static bool decode_all(struct measuring *m, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(m->source, &item, failure)) <= SOURCE_PACKET) {
        if (got == SOURCE_PACKET)
            feed_packet(m, &item);
        else if (!feed_frame(m, &item, failure))
            return false;
        if (m->opts->progress)
            m->opts->progress(m->opts->data, source_progress(m->source), m->facts->decoded_frames);
    }
    return got == SOURCE_END;
}

static void read_times(struct measuring *m, const struct times_meter *sound)
{
    struct facts *facts = m->facts;
    facts->decoded_video_s = facts->decoded_frames ? m->shown_s - m->times.first_s : 0;
    if (facts->decoded_frames)
        spans_read(&m->times.gaps, m->times.end_s, &facts->gaps);
    facts->audio_start_s = sound ? sound->first_s - m->times.first_s : NAN;
    facts->audio_end_s = sound && facts->decoded_frames ? sound->end_s - m->shown_s : NAN;
}

static void read_sounds(struct measuring *m)
{
    g_clear_pointer(&m->facts->tracks, g_ptr_array_unref);
    if (m->sounds->len)
        sound_meter_read(sound_at(m, 0), m->facts);
    for (guint i = 1; i < m->sounds->len; i++) {
        struct facts *track = facts_create();
        track->kind = KIND_AUDIO;
        track->measured = true;
        track->channels = sound_at(m, i)->layout.nb_channels;
        sound_meter_read(sound_at(m, i), track);
        facts_add_track(m->facts, track);
    }
}

static void read_meters(struct measuring *m, const struct source_health *health)
{
    struct facts *facts = m->facts;
    int sound = source_sound(m->source);
    int rate = sound < 0 ? 0 : source_stream(m->source, sound)->av->codecpar->sample_rate;
    facts->measured = true;
    read_sounds(m);
    read_times(m, m->sounds->len ? &sound_at(m, 0)->times : NULL);
    facts->decoded_audio_s = rate > 0 ? (double)facts->decoded_samples / rate : 0;
    facts->decode_errors = health->decode_errors + health->corrupt_frames + health->corrupt_packets;
    gop_meter_read(&m->gop, facts);
    rate_meter_read(&m->bits, facts);
    tags_meter_read(&m->tags, facts);
    hdr_to_facts(&m->hdr, facts);
    g_free(facts->decoded_fields);
    facts->decoded_fields = g_strdup(m->fields);
    if (m->opts->picture && facts->decoded_frames)
        picture_meter_read(m->picture, facts);
}

int measure_threads(int threads)
{
    return threads > 1 ? threads + 1 : threads;
}

bool measure_source(struct source *source, const struct measure_opts *opts, struct facts *facts,
                    struct source_health *health, struct failure *failure)
{
    struct measuring m = {.opts = opts,
                          .source = source,
                          .facts = facts,
                          .picture = picture_meter_create(),
                          .sounds = g_array_new(FALSE, FALSE, sizeof(struct sound_meter))};
    times_meter_init(&m.times);
    rate_meter_init(&m.bits);
    facts->decoded_frames = facts->decoded_samples = 0;
    const bool good = use_streams(&m, failure) && decode_all(&m, failure);
    source_health(source, health);
    if (good)
        read_meters(&m, health);
    measuring_clear(&m);
    return good;
}
