/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where tracks begin and end, by their packets. Of some containers that tell one length for all of
 * them, or none, it is that of another track, or counted from before their first. */
#include "../bytes/flv_tags.h"
#include "../signal/packet_sound.h"
#include "source.h"

#include <math.h>
#include <string.h>

/* From when the first picture is decoded until it is shown, which ASF says alone of B pictures; NAN
 * unknown. */
static double held_back(const struct track *track, const AVPacket *first)
{
    if (first->pts != AV_NOPTS_VALUE)
        return track_seconds(track, first->pts) - track_seconds(track, first->dts);
    return track->facts.fps.num > 0 && !source_is_vc1(track)
               ? track->facts.av->codecpar->video_delay / rational_value(track->facts.fps)
               : NAN;
}

/* Where the first packet has no time of decoding (NUT) or of being shown (ASF), libavformat knows
 * no start, and takes that of the file. */
void source_find_start(struct source *source)
{
    static const char *const names[] = {"asf", "nut", NULL};
    const AVPacket *first = source->picture >= 0 && g_strv_contains(names, source->health.container)
                                ? source_peek(source, source->picture)
                                : NULL;
    if (!first)
        return;
    struct track *track = &source->tracks[source->picture];
    const double start_s = first->pts != AV_NOPTS_VALUE
                               ? track_seconds(track, first->pts)
                               : track_seconds(track, first->dts) + held_back(track, first);
    if (!isnan(start_s))
        track->facts.start_s = start_s;
}

static bool is_flv(const struct source *source)
{
    return strstr(source->health.container, "flv") != NULL;
}

static bool is_vague(const struct source *source)
{
    static const char *const names[] = {"asf", "mpeg", "nut", "wtv", NULL};
    return source->picture >= 0 &&
           (is_flv(source) || g_strv_contains(names, source->health.container));
}

/* So near that the last picture is among what follows; decoders hold back 16 at most (ITU-T H.264,
 * A.3.1, MaxDpbFrames). A time in FLV without an index is found by all packets before it. */
static bool go_near_end(struct source *other, int fd, struct failure *failure)
{
    enum { PICTURES = 32 };
    if (!is_flv(other))
        return other->format->duration_estimation_method != AVFMT_DURATION_FROM_BITRATE &&
               source_seek(other, source_duration(other), failure);
    const int64_t at = flv_last_pictures(fd, io_size(other->io), PICTURES);
    return at >= 0 && source_seek_byte(other, at);
}

/* Program streams and ASF leave times of pictures out. The last one ends as long behind the last
 * time of decoding as the first one is shown behind the first. */
struct decoding {
    double last_s; /* that is told, NAN none; */
    int64_t since; /* of so many pictures behind it none is */
    bool untimed;
};

static void account(struct decoding *decoding, const struct track *track, const AVPacket *packet)
{
    decoding->untimed |= packet->pts == AV_NOPTS_VALUE;
    decoding->since++;
    if (packet->dts == AV_NOPTS_VALUE)
        return;
    decoding->last_s = track_seconds(track, packet->dts);
    decoding->since = 0;
}

static double counted_end(const struct decoding *decoding, const struct source_stream *picture,
                          double held_s)
{
    if (!decoding->untimed || picture->fps.num <= 0)
        return NAN;
    return decoding->last_s + (double)(decoding->since + 1) / rational_value(picture->fps) + held_s;
}

static bool reads_end(struct source *other, int fd, struct failure *failure)
{
    struct track *track = &other->tracks[other->picture];
    struct decoding decoding = {.last_s = NAN};
    const AVPacket *first = source_peek(other, other->picture);
    const double held_s = first ? held_back(track, first) : NAN;
    other->format->flags &= ~AVFMT_FLAG_GENPTS; /* which would keep all behind the last picture */
    struct source_item item;
    enum source_got got;
    if (!source_use(other, other->picture, SOURCE_PACKETS, failure) ||
        !go_near_end(other, fd, failure))
        return false;
    while ((got = source_next(other, &item, failure)) == SOURCE_PACKET)
        account(&decoding, track, item.packet);
    track->end_s = fmax(track->end_s, counted_end(&decoding, &track->facts, held_s));
    return got == SOURCE_END;
}

static void find_ends_of_film(struct source *source)
{
    const struct source_opts opts = {.restarts = RESTARTS_PASS};
    struct failure ignored = {0};
    g_auto(source_ptr) other = source_open_plain(source->fd, &opts, &ignored);
    const bool read =
        other && other->picture == source->picture && reads_end(other, source->fd, &ignored);
    for (int i = 0; read && i < MIN(source->count, other->count); i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        if (source_is_media(facts))
            facts->measured_s = other->tracks[i].end_s - facts->start_s;
    }
    failure_clear(&ignored);
}

/* --- sound alone --- */

/* Without a length in a header libavformat guesses one from the bit rate, or takes the last time
 * there is; these containers tell one with what isn't heard of the packets, or in coarse ticks. */
static bool is_guessed(const struct source *source)
{
    static const char *const names[] = {"caf", "flv", "live_flv", "matroska,webm", "mp3",
                                        "nut", "ogg", "wav",      "wtv",           NULL};
    const AVFormatContext *format = source->format;
    const AVCodecParameters *par = source->tracks[source->sound].facts.av->codecpar;
    return format->duration <= 0 ||
           format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM ||
           (av_get_exact_bits_per_sample(par->codec_id) == 0 &&
            g_strv_contains(names, source->health.container));
}

/* Of Ogg the packet's length is without what isn't heard, as is a frame's. */
static double heard_until(const struct source *other, const struct source_item *item)
{
    const struct track *track = &other->tracks[item->stream];
    const int64_t lasts = item->frame ? item->frame->pkt_duration : item->packet->duration;
    const bool cut = item->frame || strcmp(other->health.container, "ogg") == 0;
    const uint32_t unheard = cut ? 0 : packet_skip_get(item->packet).end;
    return item->time_s + track_seconds(track, lasts) -
           (double)unheard / track->facts.av->codecpar->sample_rate;
}

/* Packets without times (DTS in WAV) have no lengths, either. */
static unsigned use_of(struct source *other, int stream)
{
    const AVPacket *first = source_peek(other, stream);
    return first && first->pts == AV_NOPTS_VALUE ? SOURCE_DECODE : SOURCE_PACKETS;
}

static bool reads_all(struct source *other, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    for (int i = 0; i < other->count; i++)
        if (source_is_media(&other->tracks[i].facts) &&
            !source_use(other, i, use_of(other, i), failure))
            return false;
    while ((got = source_next(other, &item, failure)) == SOURCE_PACKET || got == SOURCE_FRAME) {
        double *until_s = &other->tracks[item.stream].facts.measured_s;
        *until_s = fmax(*until_s, heard_until(other, &item));
    }
    return got == SOURCE_END;
}

static void measure_sound(struct source *source, const struct source_opts *opts)
{
    const struct source_opts how = {
        .restarts = RESTARTS_PASS, .reading = opts->reading, .data = opts->data};
    struct failure ignored = {0};
    g_auto(source_ptr) other = source_open_plain(source->fd, &how, &ignored);
    const bool read = other && other->sound == source->sound && reads_all(other, &ignored);
    for (int i = 0; read && i < MIN(source->count, other->count); i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        if (!source_is_media(facts))
            continue;
        const double begins_s = isnan(facts->start_s) ? 0 : facts->start_s;
        const int rate = facts->av->codecpar->sample_rate;
        facts->measured_s = round((other->tracks[i].facts.measured_s - begins_s) * rate) / rate;
    }
    failure_clear(&ignored);
}

/* A day of MP3 has fewer bytes; a sparse file would take hours. */
static const int64_t counted_most = (int64_t)4 << 30;

/* Of a guessed length, so was the rate. */
static void find_ends_of_sound(struct source *source, const struct source_opts *opts)
{
    AVFormatContext *format = source->format;
    struct source_stream *facts = &source->tracks[source->sound].facts;
    if (opts->heard_s > 0)
        facts->measured_s = opts->heard_s;
    else if (io_size(source->io) <= counted_most)
        measure_sound(source, opts);
    if (facts->measured_s > 0 && format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        format->bit_rate = llround(8 * (double)io_size(source->io) / source_duration(source));
}

void source_find_ends(struct source *source, const struct source_opts *opts)
{
    const struct source_parts *parts = &source->parts;
    if (parts->restarts || parts->left_out || parts->unjoined)
        return;
    if (is_vague(source))
        find_ends_of_film(source);
    else if (source->picture < 0 && source->sound >= 0 && is_guessed(source))
        find_ends_of_sound(source, opts);
}
