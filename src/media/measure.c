/* SPDX-License-Identifier: GPL-3.0-or-later
 * A whole source through all meters. */
#include "media/encoder.h"
#include "media/frame.h"
#include "media/glance.h"
#include "media/meter.h"
#include "meter_channels.h"
#include "meter_clip.h"
#include "meter_gop.h"
#include "meter_phase.h"
#include "meter_rate.h"
#include "meter_tags.h"
#include "meter_times.h"
#include "probe_fields.h"

#include <libswresample/swresample.h>
#include <math.h>

static const double SOUND_LATE_S = 0.04;

/* Pauses at a variable rate are often meant, and told by how long a picture is to be shown. */
static const double PAUSE_S = 2, PAUSE_FRAMES = 5;

struct measuring {
    const struct measure_opts *opts;
    struct source *source;
    struct facts *facts;
    struct loudness_meter *loudness;
    struct silence_meter *silence;
    struct clip_meter clip;
    struct phase_meter phase;
    struct channels_meter channels;
    struct picture_meter *picture;
    SwrContext *convert; /* to planar float; rate and layout stay those of the first frame */
    AVFrame *floats;
    AVChannelLayout layout;
    int rate;
    const char *fields; /* of all pictures so far */
    double late_s;      /* of the picture: more leaves a gap; NAN at a variable rate */
    int64_t packets;    /* of the picture */
    struct times_meter times, sound_times;
    struct gop_meter gop;
    struct rate_meter bits;
    struct tags_meter tags;
    struct hdr_static hdr;
};

static void measuring_clear(struct measuring *m)
{
    loudness_meter_destroy(m->loudness);
    silence_meter_destroy(m->silence);
    if (m->loudness) {
        clip_meter_clear(&m->clip);
        phase_meter_clear(&m->phase);
        channels_meter_clear(&m->channels);
    }
    times_meter_clear(&m->times);
    times_meter_clear(&m->sound_times);
    rate_meter_clear(&m->bits);
    picture_meter_destroy(m->picture);
    swr_free(&m->convert);
    av_frame_free(&m->floats);
    av_channel_layout_uninit(&m->layout);
}

static bool begin_sound(struct measuring *m, const AVFrame *frame, struct failure *failure)
{
    if (m->rate)
        return true;
    m->rate = frame->sample_rate;
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&m->layout, frame->ch_layout.nb_channels);
    else if (av_channel_layout_copy(&m->layout, &frame->ch_layout) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    if (!m->opts->loudness)
        return true;
    m->loudness = loudness_meter_create(m->rate, &m->layout, failure);
    m->silence = silence_meter_create(m->rate, m->layout.nb_channels);
    if (!m->loudness)
        return false;
    clip_meter_init(&m->clip, m->rate, m->layout.nb_channels,
                    av_get_bytes_per_sample(frame->format) == 1);
    phase_meter_init(&m->phase, m->rate, &m->layout);
    channels_meter_init(&m->channels, m->rate, &m->layout);
    return true;
}

static bool feed_sound(struct measuring *m, AVFrame *frame, double at_s, struct failure *failure)
{
    m->facts->decoded_samples += frame->nb_samples;
    times_meter_feed(&m->sound_times, at_s, (double)frame->nb_samples / frame->sample_rate,
                     SOUND_LATE_S);
    if (!m->opts->loudness && !m->opts->glance)
        return true;
    if (!begin_sound(m, frame, failure))
        return false;
    av_frame_unref(m->floats);
    m->floats->format = AV_SAMPLE_FMT_FLTP;
    m->floats->sample_rate = m->rate;
    int error = av_channel_layout_copy(&m->floats->ch_layout, &m->layout);
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC &&
        frame->ch_layout.nb_channels == m->layout.nb_channels)
        error = av_channel_layout_copy(&frame->ch_layout, &m->layout);
    if (error >= 0)
        error = swr_convert_frame(m->convert, m->floats, frame);
    if (error == AVERROR_INPUT_CHANGED || error == AVERROR_OUTPUT_CHANGED) {
        swr_close(m->convert);
        error = swr_convert_frame(m->convert, m->floats, frame);
    }
    if (error < 0)
        return fail(failure, FAIL_UNSUPPORTED, "the sound can't be metered: %s", av_err2str(error));
    const float *const *channel = (const float *const *)m->floats->extended_data;
    const int frames = m->floats->nb_samples;
    if (m->opts->glance)
        glance_meter_sound(m->opts->glance, channel, m->layout.nb_channels, frames, m->rate);
    if (!m->opts->loudness)
        return true;
    silence_meter_feed(m->silence, channel, frames, at_s);
    clip_meter_feed(&m->clip, channel, frames, at_s);
    phase_meter_feed(&m->phase, channel, frames, at_s);
    channels_meter_feed(&m->channels, channel, frames);
    return loudness_meter_feed(m->loudness, channel, frames, failure);
}

/* Half of a frame that is left out, and what Matroska rounds. */
static void begin_picture(struct measuring *m)
{
    const struct source_stream *stream = source_stream(m->source, source_picture(m->source));
    const double fps = rational_value(stream->fps);
    m->late_s = stream->variable || fps <= 0 ? NAN : 0.6 / fps + 0.001;
    tags_meter_init(&m->tags, stream->av->codecpar, m->facts);
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
    double duration = (double)frame->pkt_duration * av_q2d(frame->time_base);
    if (m->facts->decoded_frames++ == 0)
        begin_picture(m);
    times_meter_feed(&m->times, at_s, duration * (1 + frame->repeat_pict / 2.0),
                     isnan(m->late_s) ? pause_s(m) : m->late_s);
    tags_meter_feed(&m->tags, frame);
    hdr_from_frame(&m->hdr, frame);
    const char *fields = frame_fields(frame);
    m->fields = !m->fields || !strcmp(m->fields, fields) ? fields : "mixed";
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

static bool use_streams(struct measuring *m, struct failure *failure)
{
    const int wanted[] = {source_picture(m->source), source_sound(m->source)};
    for (int i = m->opts->sound_only; i < 2; i++)
        if (wanted[i] >= 0 &&
            !source_use(m->source, wanted[i], SOURCE_DECODE | SOURCE_PACKETS, failure))
            return false;
    for (int i = 0; m->opts->tracks && i < source_streams(m->source); i++)
        if (i != wanted[1] && source_stream(m->source, i)->type == AVMEDIA_TYPE_AUDIO &&
            !source_use(m->source, i, SOURCE_DECODE, failure))
            return false;
    return m->opts->from_s <= 0 || source_seek(m->source, m->opts->from_s, failure);
}

static bool feed_frame(struct measuring *m, const struct source_item *item, struct failure *failure)
{
    if (m->opts->tap && !m->opts->tap(m->opts->ear, item, failure))
        return false;
    if (item->stream == source_picture(m->source))
        feed_picture(m, item->frame, item->time_s);
    else if (item->stream == source_sound(m->source))
        return feed_sound(m, item->frame, item->time_s, failure);
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

static void read_loudness(struct measuring *m)
{
    if (!m->loudness)
        return;
    loudness_to_facts(m->loudness, m->facts);
    if (m->opts->glance)
        loudness_to_curve(m->loudness, glance_meter_loudness(m->opts->glance));
    g_clear_pointer(&m->facts->gated_blocks, g_free); /* groups measure for themselves */
    g_clear_pointer(&m->facts->silence, g_array_unref);
    m->facts->silence = silence_meter_read(m->silence);
    clip_meter_read(&m->clip, m->sound_times.end_s, m->facts);
    phase_meter_read(&m->phase, m->sound_times.end_s, m->facts);
    channels_meter_read(&m->channels, m->facts);
}

static void read_times(struct measuring *m)
{
    struct facts *facts = m->facts;
    facts->decoded_video_s = facts->decoded_frames ? m->times.end_s - m->times.first_s : 0;
    facts->audio_start_s = m->sound_times.first_s - m->times.first_s;
    facts->audio_end_s = m->sound_times.end_s - m->times.end_s;
    if (facts->decoded_frames)
        spans_read(&m->times.gaps, m->times.end_s, &facts->gaps);
    if (facts->decoded_samples)
        spans_read(&m->sound_times.gaps, m->sound_times.end_s, &facts->sound_gaps);
}

static void read_meters(struct measuring *m, const struct source_health *health)
{
    struct facts *facts = m->facts;
    int sound = source_sound(m->source);
    int rate = sound < 0 ? 0 : source_stream(m->source, sound)->av->codecpar->sample_rate;
    facts->measured = true;
    read_times(m);
    facts->decoded_audio_s = rate > 0 ? (double)facts->decoded_samples / rate : 0;
    facts->decode_errors = health->decode_errors + health->corrupt_frames + health->corrupt_packets;
    gop_meter_read(&m->gop, facts);
    rate_meter_read(&m->bits, facts);
    tags_meter_read(&m->tags, facts);
    hdr_to_facts(&m->hdr, facts);
    g_free(facts->decoded_fields);
    facts->decoded_fields = g_strdup(m->fields);
    read_loudness(m);
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
    struct measuring m = {.opts = opts, .source = source, .facts = facts};
    m.picture = picture_meter_create();
    times_meter_init(&m.times);
    times_meter_init(&m.sound_times);
    rate_meter_init(&m.bits);
    m.convert = swr_alloc();
    m.floats = frame_new();
    facts->decoded_frames = facts->decoded_samples = 0;
    bool good = m.convert ? use_streams(&m, failure) && decode_all(&m, failure)
                          : fail(failure, FAIL_MEMORY, "out of memory");
    source_health(source, health);
    if (good)
        read_meters(&m, health);
    measuring_clear(&m);
    return good;
}
