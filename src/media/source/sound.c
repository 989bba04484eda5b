/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first and the last sample that are heard. libav takes off priming that a container tells, and
 * what Matroska marks as padding; not what an edit list of MOV and MP4 leaves of the last packet,
 * nor what lies before the start of a Matroska file. */
#include "media/chain_run.h"

#include "../signal/packet_sound.h"
#include "source.h"

#include <math.h>
#include <string.h>

/* Matroska's milliseconds are too coarse for a count of samples, but encoders have few: those of
 * libavcodec and of Apple (2112), LAME (576 + 529), and AC-3's overlap. */
static const struct {
    enum AVCodecID codec;
    int samples;
} primings[] = {
    {AV_CODEC_ID_AAC, 1024}, {AV_CODEC_ID_AAC, 2048}, {AV_CODEC_ID_AAC, 2112},
    {AV_CODEC_ID_MP3, 1105}, {AV_CODEC_ID_AC3, 256},  {AV_CODEC_ID_EAC3, 256},
};

static int64_t priming_of(const AVCodecParameters *par, double early_s)
{
    static const double tick_s = 0.001;
    for (unsigned i = 0; i < G_N_ELEMENTS(primings); i++)
        if (primings[i].codec == par->codec_id &&
            fabs((double)primings[i].samples / par->sample_rate - early_s) < tick_s)
            return primings[i].samples;
    return llround(early_s * par->sample_rate);
}

static bool is_matroska(const struct source *source)
{
    return strstr(source->format->iformat->name, "matroska");
}

/* Decoders of Opus and Windows Media Audio take their priming off themselves, and of Vorbis the
 * first packet has no samples (Vorbis I specification, 4.3.8): nothing that is before 0 comes. */
static bool takes_off_its_own(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_OPUS || codec == AV_CODEC_ID_VORBIS || codec == AV_CODEC_ID_WMAV1 ||
           codec == AV_CODEC_ID_WMAV2;
}

/* Matroska alone may begin before its own time 0. Its CodecDelay, where it has one, counts samples.
 */
static void find_priming(const struct source *source, struct track *track)
{
    struct source_stream *facts = &track->facts;
    const AVCodecParameters *par = facts->av->codecpar;
    if (!is_matroska(source) || par->sample_rate <= 0 || !(facts->start_s < 0))
        return;
    if (!takes_off_its_own(par->codec_id))
        track->skip =
            par->initial_padding > 0 ? par->initial_padding : priming_of(par, -facts->start_s);
    facts->priming = track->skip;
    facts->start_s = 0;
}

static bool is_vorbis_in_ogg(const struct source *source, const struct source_stream *facts)
{
    return facts->av->codecpar->codec_id == AV_CODEC_ID_VORBIS &&
           strcmp(source->format->iformat->name, "ogg") == 0;
}

/* AVI has neither times of sound nor holes in it: libavformat counts bytes, in blocks whose size
 * FFmpeg's muxer has wrong in the headers of these codecs. And of FLAC in WTV its parser gives a
 * frame the time of what it has read by then, up to ten frames behind. */
static bool has_wrong_times(const struct source *source, const struct source_stream *facts)
{
    const char *container = source->format->iformat->name;
    const enum AVCodecID codec = facts->av->codecpar->codec_id;
    if (strcmp(container, "avi") == 0)
        return codec == AV_CODEC_ID_DTS || codec == AV_CODEC_ID_SPEEX;
    return strcmp(container, "wtv") == 0 && codec == AV_CODEC_ID_FLAC;
}

void source_sound_begins(const struct source *source, struct track *track)
{
    if (track->facts.type != AVMEDIA_TYPE_AUDIO)
        return;
    find_priming(source, track);
    track->counter = packet_counter_create(track->facts.av->codecpar);
    track->due = AV_NOPTS_VALUE;
    track->paged = is_vorbis_in_ogg(source, &track->facts);
    track->one_page = track->paged && ogg_is_one_page(source->fd, track->facts.index);
    track->miscounted = has_wrong_times(source, &track->facts);
    track->no_sound = -1;
    if (strstr(source->format->iformat->name, "mov"))
        mov_last_packet(source->fd, io_size(source->io), track->facts.av->id, &track->last);
}

/* Of samples that go on to the file's end, which no size tells. */
static bool is_endless(const struct source *source)
{
    static const char *const names[] = {"wav", "au", "caf", NULL};
    return source->count == 1 && source->sound == 0 && source->health.bytes_missing < 0 &&
           g_strv_contains(names, source->format->iformat->name) &&
           source->format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
}

void source_measure_sound(struct source *source)
{
    if (!is_endless(source))
        return;
    struct source_stream *facts = &source->tracks[0].facts;
    const AVCodecParameters *par = facts->av->codecpar;
    const int frame = av_get_exact_bits_per_sample(par->codec_id) / 8 * par->ch_layout.nb_channels;
    source_read_ahead(source, 1, 1);
    const AVPacket *first = g_queue_peek_head(&source->ahead);
    if (frame <= 0 || !first || first->pos < 0)
        return;
    const int64_t samples = (io_size(source->io) - first->pos) / frame;
    facts->duration_s = (double)samples / par->sample_rate;
    source->format->duration = llround(facts->duration_s * AV_TIME_BASE);
    source->format->duration_estimation_method = AVFMT_DURATION_FROM_STREAM;
}

bool source_is_primed(struct source *source, int stream)
{
    if (source->tracks[stream].facts.priming > 0)
        return true;
    const AVPacket *first = source_peek(source, stream);
    return first && packet_skip_get(first).start > 0;
}

/* Fragments may come behind a sample table: then what is behind its last packet is heard again. */
static int64_t end_of(const struct source *source, const struct track *track,
                      const AVPacket *packet)
{
    AVStream *stream = source->format->streams[track->facts.index];
    int entries = avformat_index_get_entries_count(stream);
    if (!strstr(source->health.container, "mov") || stream->nb_frames <= 0 || entries <= 0 ||
        packet->pts == AV_NOPTS_VALUE || packet->dts == AV_NOPTS_VALUE ||
        avformat_index_get_entry(stream, entries - 1)->timestamp !=
            packet->dts + source_shift(source, track))
        return AV_NOPTS_VALUE;
    if (track->last.lasts > 0 && track->last.samples == entries)
        return packet->pts + track->last.lasts;
    return packet->duration > 0 ? packet->pts + packet->duration : AV_NOPTS_VALUE;
}

/* libavformat's parser of AC-3 gives a packet when it has the next one, and with that one's side
 * data: what is to be discarded of the last comes with the one before. */
static bool pass_on_discard(struct track *track, AVPacket *packet)
{
    struct packet_skip skip = packet_skip_get(packet);
    const uint32_t passed_on = skip.end;
    if (!skip.end && !track->discard)
        return true;
    skip.end = track->discard;
    track->discard = passed_on;
    return packet_skip_set(packet, skip);
}

static bool passes_on_discard(const struct source *source, const struct track *track)
{
    const enum AVCodecID codec = track->facts.av->codecpar->codec_id;
    return is_matroska(source) && (codec == AV_CODEC_ID_AC3 || codec == AV_CODEC_ID_EAC3);
}

/* Where Vorbis in Ogg begins, libavformat finds by what is on its first page and where that ends;
 * of one that is the last as well, which may end earlier, it counts the first packet's samples,
 * though that has none: all that follows is as much too late, and the last packet as much too
 * short. */
static bool mend_one_page(struct track *track, AVPacket *packet)
{
    struct packet_skip skip = packet_skip_get(packet);
    if (track->no_sound < 0)
        track->no_sound = packet->duration;
    packet->pts -= track->no_sound;
    packet->dts = packet->pts;
    if (!skip.end)
        return true;
    const int64_t lasts = (int32_t)packet->duration; /* which libavformat has as unsigned */
    packet->duration = MAX(lasts + track->no_sound, 0);
    skip.end -= (uint32_t)MIN(skip.end, track->no_sound);
    return packet_skip_set(packet, skip);
}

/* The first short block behind long ones has samples of both (Vorbis I specification, 4.3.8), of
 * which libavformat tells those of a short one alone: it would begin late, behind a hole. */
static void mend_short_block(struct track *track, AVPacket *packet, int64_t samples)
{
    const int64_t due = track->due, end = packet->pts + packet->duration;
    if (due != AV_NOPTS_VALUE && packet->pts > due && due + samples == end) {
        packet->pts = packet->dts = due;
        packet->duration = samples;
    }
    track->due = end;
}

/* What its container doesn't say: Matroska of WavPack, CAF of the last packet. */
static void find_length(const struct track *track, AVPacket *packet, int64_t samples)
{
    const AVStream *stream = track->facts.av;
    if (packet->duration == 0 && samples > 0 && stream->codecpar->sample_rate > 0)
        packet->duration = av_rescale_q(samples, (AVRational){1, stream->codecpar->sample_rate},
                                        stream->time_base);
}

/* The first one's time is right; from there on it is counted, in samples. */
static void count_time(struct track *track, AVPacket *packet, int64_t samples)
{
    const AVRational tb = track->facts.av->time_base;
    const AVRational rate = {1, MAX(track->facts.av->codecpar->sample_rate, 1)};
    if (samples <= 0)
        return;
    if (track->due == AV_NOPTS_VALUE && packet->pts != AV_NOPTS_VALUE)
        track->due = av_rescale_q(packet->pts, tb, rate);
    if (track->due == AV_NOPTS_VALUE)
        return;
    packet->pts = packet->dts = av_rescale_q(track->due, rate, tb);
    packet->duration = av_rescale_q(samples, rate, tb);
    track->due += samples;
}

bool source_sound_demuxed(struct source *source, AVPacket *packet)
{
    struct track *track =
        packet->stream_index < source->count ? &source->tracks[packet->stream_index] : NULL;
    if (!track || !track->counter)
        return true;
    if (is_endless(source)) /* the last is as long as the file has it */
        packet->flags &= ~AV_PKT_FLAG_CORRUPT;
    const int64_t samples = packet_counter_samples(track->counter, packet);
    if (track->miscounted)
        count_time(track, packet, samples);
    find_length(track, packet, samples);
    if (passes_on_discard(source, track))
        return pass_on_discard(track, packet);
    if (!track->paged || packet->pts == AV_NOPTS_VALUE)
        return true;
    if (track->one_page && !mend_one_page(track, packet))
        return false;
    mend_short_block(track, packet, samples);
    return true;
}

/* A transport stream tells of Opus in each packet what is to be left out of it (OpusTS, xiph.org,
 * "start_trim"), which libavformat passes over. The time of the first is that of what is heard of
 * it, and the next one comes as much earlier; or it is earlier itself, and nothing overlaps. */
static int64_t priming_of_first(struct source *source, const struct track *track,
                                const AVPacket *packet)
{
    static const double rounding_s = 0.001;
    const AVStream *stream = track->facts.av;
    if (stream->codecpar->codec_id != AV_CODEC_ID_OPUS ||
        strcmp(source->health.container, "mpegts") != 0)
        return 0;
    const AVPacket *next = source_peek(source, track->facts.index);
    if (!next || next->pts == AV_NOPTS_VALUE || packet->pts == AV_NOPTS_VALUE)
        return 0;
    const int64_t from = next->pts - source_shift(source, track);
    const int64_t overlap = packet->pts + packet->duration - from;
    if (from < packet->pts || (double)overlap * av_q2d(stream->time_base) < rounding_s)
        return 0;
    return av_rescale_q(overlap, stream->time_base, (AVRational){1, stream->codecpar->sample_rate});
}

bool source_sound_packet(struct source *source, struct track *track, AVPacket *packet)
{
    if (track->facts.type != AVMEDIA_TYPE_AUDIO)
        return true;
    if (track->packets == 1 && !source->seeked)
        track->unheard = priming_of_first(source, track, packet);
    track->sound_to = end_of(source, track, packet);
    if (track->sound_to != AV_NOPTS_VALUE)
        packet->duration = track->sound_to - packet->pts;
    bool first = track->packets == 1 && !source->seeked;
    if (!track->skip || !first)
        return true;
    struct packet_skip skip = packet_skip_get(packet);
    skip.start = (uint32_t)track->skip;
    return packet_skip_set(packet, skip);
}

/* What a splice brings before the sound of the part before it ends. */
static bool cut_start(struct track *track, AVFrame *frame)
{
    const AVRational tb = track->facts.av->time_base, rate = {1, frame->sample_rate};
    const int64_t from = track->sound_from;
    const int64_t skip = av_rescale_q(from - frame->pts, tb, rate);
    if (skip >= frame->nb_samples)
        return false;
    track->sound_from = AV_NOPTS_VALUE;
    if (skip > 0) {
        sound_cut(frame, (int)skip, frame->nb_samples - (int)skip);
        frame->pts = from;
        frame->pkt_duration = av_rescale_q(frame->nb_samples, rate, tb);
    }
    return true;
}

/* What is behind it has its place already. */
static bool cut_unheard(struct track *track, AVFrame *frame)
{
    const int64_t skip = MIN(track->unheard, frame->nb_samples), from = frame->pts;
    track->unheard -= skip;
    if (skip == frame->nb_samples)
        return false;
    sound_cut(frame, (int)skip, frame->nb_samples - (int)skip);
    frame->pts = from;
    frame->pkt_duration = av_rescale_q(frame->nb_samples, (AVRational){1, frame->sample_rate},
                                       track->facts.av->time_base);
    return true;
}

bool source_sound_cut(struct track *track, AVFrame *frame)
{
    if (track->unheard > 0 && !cut_unheard(track, frame))
        return false;
    if (track->sound_from != AV_NOPTS_VALUE && frame->sample_rate > 0 && !cut_start(track, frame))
        return false;
    if (track->sound_to == AV_NOPTS_VALUE || frame->sample_rate <= 0)
        return true;
    AVRational tb = track->facts.av->time_base, rate = {1, frame->sample_rate};
    int64_t keep = av_rescale_q(track->sound_to - frame->pts, tb, rate);
    if (keep <= 0)
        return false;
    if (keep < frame->nb_samples) {
        frame->nb_samples = (int)keep;
        frame->pkt_duration = track->sound_to - frame->pts;
    }
    return true;
}
