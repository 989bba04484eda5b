/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening a source: which demuxers, which streams, where its time begins. */
#include "media/frame.h"
#include "media/log.h"
#include "media/tag_groups.h"
#include "source.h"

#include "../bytes/sniff.h"
#include "../signal/packet_sound.h"
#include "matroska.h"
#include "track_language.h"

#include <errno.h>
#include <inttypes.h>
#include <libavutil/display.h>
#include <libavutil/parseutils.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* Most headers take less than a megabyte. Without an end a sparse file would take hours. */
enum { SNIFF_BYTES = 8192, HEADER_MOST = 256 << 20 };

const char source_formats[] =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,mxf,gxf,lxf,wav,w64,aiff,caf,"
    "flac,mp3,ogg,aac,loas,ac3,eac3,dts,dtshd,truehd,mlp,asf,flv,live_flv,dv,rm,h264,hevc,m4v,"
    "h263,vc1,av1,obu,ivf,amr,amrnb,amrwb,ape,wv,tta,tak,au,voc,mpc,mpc8,dsf,iff,nut,"
    "yuv4mpegpipe,r3d,mjpeg,dirac,wtv,pva,nsv,wc3movie,film_cpk,smk,bink,roq,cine,avs2,avs3,"
    "cavsvideo,gsm,sox,shn,xwma,qcp,ircam,pvf,nistsphere,spdif,s337m,dnxhd";

static void explain_unreadable(struct source *source, int error, struct failure *failure)
{
    guint8 data[SNIFF_BYTES];
    ssize_t length = pread(source->fd, data, sizeof data, 0);
    const char *what = length > 0 ? sniff_not_media(data, (gsize)length) : NULL;
    if (error == AVERROR(ENOMEM))
        fail(failure, FAIL_MEMORY, "out of memory while opening the file");
    else if (length == 0)
        fail(failure, FAIL_INPUT_DAMAGED, "the file is empty");
    else if (length < 0 || io_error(source->io))
        fail(failure, FAIL_INPUT_DAMAGED, "the file can't be read: %s",
             g_strerror(length < 0 ? errno : io_error(source->io)));
    else if (what)
        fail(failure, FAIL_UNSUPPORTED, "not a sound, picture or video file we can read (%s)",
             what);
    else if (source->format && source->format->iformat && error != AVERROR_INVALIDDATA)
        fail(failure, FAIL_UNSUPPORTED, "files of the format \"%s\" are not read",
             source->format->iformat->long_name);
    else
        fail(failure, FAIL_UNSUPPORTED, "not a sound, picture or video file we can read");
}

/* libav says only "invalid data" of a file with a broken or cut header and of one that it doesn't
 * know; a probe of the first bytes tells them apart. */
static const AVInputFormat *likely_format(int fd)
{
    g_autofree guint8 *data = g_malloc0(SNIFF_BYTES + AVPROBE_PADDING_SIZE);
    ssize_t length = pread(fd, data, SNIFF_BYTES, 0);
    AVProbeData probe = {.filename = "", .buf = data, .buf_size = (int)MAX(length, 0)};
    int score = 0;
    const AVInputFormat *format = av_probe_input_format3(&probe, 1, &score);
    return score > AVPROBE_SCORE_RETRY / 2 ? format : NULL;
}

static bool format_allowed(const AVInputFormat *format)
{
    g_auto(GStrv) names = g_strsplit(format->name, ",", -1);
    g_auto(GStrv) allowed = g_strsplit(source_formats, ",", -1);
    for (char **name = names; *name; name++)
        if (g_strv_contains((const char *const *)allowed, *name))
            return true;
    return false;
}

static bool open_failed(struct source *source, int error, struct failure *failure)
{
    const AVInputFormat *likely = likely_format(source->fd);
    guint8 data[SNIFF_BYTES];
    ssize_t length = pread(source->fd, data, sizeof data, 0);
    bool stranger = length > 0 && sniff_not_media(data, (gsize)length);
    if (stranger || !likely || error == AVERROR(ENOMEM) || io_error(source->io))
        explain_unreadable(source, error, failure);
    else if (!format_allowed(likely))
        fail(failure, FAIL_UNSUPPORTED, "files of the format \"%s\" are not read",
             likely->long_name);
    else
        fail(failure, FAIL_INPUT_DAMAGED,
             "the header of this %s file is damaged or missing (is it cut short?): %s",
             likely->long_name, av_err2str(error));
    return false;
}

/* libavformat's own are 5 s and 5 MB. */
static void be_patient(AVFormatContext *format)
{
    format->max_analyze_duration = (int64_t)600 * AV_TIME_BASE;
    format->probesize = 32 << 20;
}

/* A program stream may leave times out (ISO/IEC 13818-1, 2.7.4: each 0.7 s has one). A picture of
 * MPEG-1 or MPEG-2 that others refer to is shown when the next such one is decoded (ISO/IEC
 * 13818-2, 6.1.1.11), which libavformat looks for. */
static void find_times(AVFormatContext *format)
{
    bool follow = strcmp(format->iformat->name, "mpeg") == 0;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVCodecParameters *par = format->streams[i]->codecpar;
        follow &= par->codec_type != AVMEDIA_TYPE_VIDEO ||
                  par->codec_id == AV_CODEC_ID_MPEG1VIDEO ||
                  par->codec_id == AV_CODEC_ID_MPEG2VIDEO;
    }
    if (follow)
        format->flags |= AVFMT_FLAG_GENPTS;
}

static bool open_format(struct source *source, bool patient, struct failure *failure)
{
    source->format = avformat_alloc_context();
    if (!source->format || !io_attach(source->io, source->format, failure))
        return fail(failure, FAIL_MEMORY, "out of memory");
    source->format->format_whitelist = av_strdup(source_formats);
    if (!source->format->format_whitelist) /* which would allow all */
        return fail(failure, FAIL_MEMORY, "out of memory");
    source->format->error_recognition = AV_EF_CRCCHECK;
    if (io_size(source->io) == 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file is empty");
    if (patient)
        be_patient(source->format);
    io_limit(source->io, HEADER_MOST);
    int error = avformat_open_input(&source->format, "", NULL, NULL);
    if (error >= 0) {
        source->said = source_colors_take(source->format);
        error = avformat_find_stream_info(source->format, NULL);
    }
    if (io_limit_met(source->io))
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "no end of the header is found in %d MiB of this file (%d MiB of zeros)",
                    HEADER_MOST >> 20, HEADER_MOST >> 23);
    io_limit(source->io, -1);
    if (error < 0)
        return open_failed(source, error, failure);
    find_times(source->format);
    tags_place(source->format);
    track_languages(source->fd, source->format);
    matroska_place_tags(source->fd, source->format);
    return true;
}

static bool is_cover(const AVStream *stream)
{
    return stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS |
                                  AV_DISPOSITION_STILL_IMAGE);
}

static void read_rotation(const AVStream *stream, struct source_stream *facts)
{
    const int32_t *matrix =
        (const int32_t *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    if (!matrix)
        return;
    int32_t turned[9];
    memcpy(turned, matrix, sizeof turned);
    facts->flipped = (int64_t)matrix[0] * matrix[4] < (int64_t)matrix[1] * matrix[3];
    for (int i = 0; facts->flipped && i < 2; i++)
        turned[i] = matrix[i] == INT32_MIN ? INT32_MAX : -matrix[i];
    double degrees = -av_display_rotation_get(turned);
    if (isfinite(degrees))
        facts->rotation = (int)(lrint(degrees / 90) * 90 % 360 + 360) % 360;
}

static double start_of(const AVStream *stream)
{
    return stream->start_time == AV_NOPTS_VALUE
               ? NAN
               : (double)stream->start_time * av_q2d(stream->time_base);
}

static bool is_matroska(const AVFormatContext *format)
{
    return strstr(format->iformat->name, "matroska") != NULL;
}

/* By libavformat, whose name MKVToolNix leaves there, but for its own statistics. */
static bool is_muxed_by_libavformat(const AVFormatContext *format)
{
    const AVDictionaryEntry *muxer = av_dict_get(format->metadata, "encoder", NULL, 0);
    bool others = false;
    for (unsigned i = 0; i < format->nb_streams; i++)
        others |= av_dict_get(format->streams[i]->metadata, "_STATISTICS_WRITING_APP", NULL,
                              AV_DICT_IGNORE_SUFFIX) != NULL;
    return muxer && g_str_has_prefix(muxer->value, "Lavf") && !others;
}

/* Matroska has one duration, and its writers' statistics the length of each track as a tag
 * ("00:00:01.010000000"), which of libavformat's muxer is where it ends, from 0. NAN when there is
 * none. */
static double tagged_duration(const AVFormatContext *format, const AVStream *stream)
{
    const AVDictionaryEntry *tag =
        av_dict_get(stream->metadata, "DURATION", NULL, AV_DICT_IGNORE_SUFFIX);
    int64_t length_us = 0;
    if (!tag || av_parse_time(&length_us, tag->value, 1) < 0 || length_us <= 0)
        return NAN;
    const double late_s = is_muxed_by_libavformat(format) ? fmax(start_of(stream), 0) : 0;
    return (double)length_us / AV_TIME_BASE - late_s;
}

/* Of the file. Matroska's (RFC 9559, Duration: "of the Segment") is counted from 0 by libavformat's
 * muxer, though all of it may begin later; by others from its first time. */
static double whole_length(const AVFormatContext *format)
{
    const bool late =
        is_matroska(format) && format->start_time > 0 && is_muxed_by_libavformat(format);
    return (double)(format->duration - (late ? format->start_time : 0)) / AV_TIME_BASE;
}

/* A length that was computed from the file's end or bit rate is no promise, nor is one of a track
 * of Matroska, which libavformat makes up of the file's where the track is empty. */
static double declared_duration(const AVFormatContext *format, const AVStream *stream)
{
    if (format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return NAN;
    if (stream->duration > 0 && !is_matroska(format))
        return (double)stream->duration * av_q2d(stream->time_base);
    if (format->duration <= 0)
        return NAN;
    double late = format->start_time == AV_NOPTS_VALUE
                      ? NAN
                      : start_of(stream) - (double)format->start_time / AV_TIME_BASE;
    double rest = whole_length(format) - (late > 0 ? late : 0);
    return fmin(rest, tagged_duration(format, stream));
}

static void describe_track(struct source *source, int index)
{
    AVStream *stream = source->format->streams[index];
    struct track *track = &source->tracks[index];
    struct source_stream *facts = &track->facts;
    *track = (struct track){
        .end_s = NAN,
        .run_s = NAN,
        .packet_s = NAN,
        .frame_s = NAN,
        .key_s = NAN,
        .delay = AV_NOPTS_VALUE,
        .next_pts = AV_NOPTS_VALUE,
        .last_pts = AV_NOPTS_VALUE,
        .sound_to = AV_NOPTS_VALUE,
        .sound_from = AV_NOPTS_VALUE,
        .part_end = AV_NOPTS_VALUE,
        .last_dts = AV_NOPTS_VALUE,
        .part_from = AV_NOPTS_VALUE,
        .demuxed_dts = AV_NOPTS_VALUE,
        .last_pos = -1,
        .format = -1,
        .declared_packets = -1,
    };
    *facts = (struct source_stream){.index = index,
                                    .av = stream,
                                    .fps = {0, 1},
                                    .type = stream->codecpar->codec_type,
                                    .start_s = start_of(stream),
                                    .counted = -1,
                                    .duration_s = declared_duration(source->format, stream),
                                    .measured_s = NAN,
                                    .priming = stream->codecpar->initial_padding,
                                    .padding = stream->codecpar->trailing_padding};
    if (is_cover(stream))
        facts->type = AVMEDIA_TYPE_ATTACHMENT;
    source_sound_begins(source, track);
    if (facts->type != AVMEDIA_TYPE_VIDEO)
        return;
    source_colors_give(source, facts);
    source_fields_begin(track);
    source_rate(source->format, facts);
    read_rotation(stream, facts);
}

bool source_is_media(const struct source_stream *facts)
{
    const AVCodecParameters *par = facts->av->codecpar;
    if (facts->type == AVMEDIA_TYPE_VIDEO)
        return par->width > 0 && par->height > 0;
    return facts->type == AVMEDIA_TYPE_AUDIO && par->sample_rate > 0;
}

int source_rank(const AVStream *stream)
{
    const AVCodecParameters *par = stream->codecpar;
    bool known = avcodec_find_decoder(par->codec_id) &&
                 (par->sample_rate > 0 || (par->width > 0 && par->height > 0));
    return 2 * known + !!(stream->disposition & AV_DISPOSITION_DEFAULT);
}

static int choose(const struct source *source, enum AVMediaType type)
{
    int best = -1, best_rank = -1;
    for (int i = 0; i < source->count; i++) {
        const struct source_stream *facts = &source->tracks[i].facts;
        if (facts->type != type)
            continue;
        int rank = source_rank(facts->av);
        if (rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

void source_drop_track(struct source *source, int stream, const char *why)
{
    struct source_stream *facts = &source->tracks[stream].facts;
    facts->type = AVMEDIA_TYPE_UNKNOWN;
    facts->left_out = why;
    source->picture = choose(source, AVMEDIA_TYPE_VIDEO);
    source->sound = choose(source, AVMEDIA_TYPE_AUDIO);
}

void source_find_origin(struct source *source)
{
    double origin = NAN;
    for (int i = 0; i < source->count; i++) {
        const struct source_stream *facts = &source->tracks[i].facts;
        if (source_is_media(facts) && !isnan(facts->start_s) && !(facts->start_s >= origin))
            origin = facts->start_s;
    }
    source->origin_us = isnan(origin) ? 0 : llrint(origin * AV_TIME_BASE);
    for (int i = 0; i < source->count; i++)
        source->tracks[i].facts.start_s -= (double)source->origin_us / AV_TIME_BASE;
}

static bool describe(struct source *source, struct failure *failure)
{
    AVFormatContext *format = source->format;
    source->count = (int)format->nb_streams;
    source->tracks = g_new0(struct track, MAX(source->count, 1));
    bool media = false;
    source->health.container = format->iformat->name;
    source_fragments_begin(source);
    for (int i = 0; i < source->count; i++) {
        describe_track(source, i);
        enum AVMediaType type = source->tracks[i].facts.type;
        media |= type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO;
    }
    source->picture = choose(source, AVMEDIA_TYPE_VIDEO);
    source->sound = choose(source, AVMEDIA_TYPE_AUDIO);
    source_find_start(source);
    source_find_origin(source);
    source_crops(source);
    source->health.bytes_missing =
        container_bytes_missing(source->fd, io_size(source->io), format->iformat->name);
    source_count(source);
    for (int i = 0; i < source->count; i++)
        source->tracks[i].awaits_key = source_awaits_key(source, &source->tracks[i]);
    source->watched = is_matroska(format);
    if (source->watched)
        media_log_watch(format);
    source_find_alpha(source);
    source_read_beside(source);
    source_measure_rate(source);
    source_find_fields(source);
    source_measure_sound(source);
    source_find_untimed(source);
    source_find_codecs(source);
    if (strstr(format->iformat->name, "mov") && mov_data_elsewhere(source->fd, io_size(source->io)))
        return fail(failure, FAIL_UNSUPPORTED,
                    "a reference movie: its picture or sound is in another file, which isn't "
                    "followed; export it self-contained");
    if (media)
        return true;
    if (source->health.bytes_missing > 0)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "cut short before the first picture or sound (%" PRId64 " bytes are missing)",
                    source->health.bytes_missing);
    return fail(failure, FAIL_UNSUPPORTED, "this %s file has neither picture nor sound",
                format->iformat->long_name);
}

/* NULL only without memory. */
static struct io *reader_of(int fd, const struct source_opts *opts)
{
    struct io *io = opts->pieces ? io_reader_pieces(fd, opts->pieces) : io_reader(fd);
    if (io)
        io_when_read(io, opts->reading, opts->data);
    return io;
}

struct source *source_open_plain(int fd, const struct source_opts *opts, struct failure *failure)
{
    struct source *source = g_new0(struct source, 1);
    const GArray *pieces = opts->pieces;
    *source = (struct source){.fd = pieces ? -1 : fd, /* which looks beside them fail */
                              .picture = -1,
                              .sound = -1,
                              .decoding = -1,
                              .threads = MAX(opts->threads, 1),
                              .restarts = opts->restarts,
                              .splice = {.parts = g_array_new(FALSE, FALSE, sizeof(struct part)),
                                         .runs = g_array_new(FALSE, FALSE, sizeof(struct run))}};
    source->health = (struct source_health){
        .bytes_missing = -1, .first_error_s = NAN, .first_change_s = NAN, .picture_changes_s = NAN};
    source->io = reader_of(fd, opts);
    source->packet = packet_new();
    source->frame = frame_new();
    bool opened = !source->io                  ? fail(failure, FAIL_MEMORY, "out of memory")
                  : !pieces && sequence_is(fd) ? sequence_open(source, failure)
                                               : open_format(source, opts->patient, failure);
    if (opened && describe(source, failure))
        return source;
    source_close(source);
    return NULL;
}

static void take_rate(struct source *source, struct rational fps)
{
    if (source->picture < 0)
        return;
    struct source_stream *facts = &source->tracks[source->picture].facts;
    facts->fps = fps;
    facts->variable = true;
}

/* All of a transport stream is read. What can't be fails again where it is used. */
static void look_through(struct source *source, int fd, const struct source_opts *opts)
{
    struct failure ignored = {0};
    struct io *io = reader_of(fd, opts);
    struct source_opts joined = *opts;
    joined.restarts = RESTARTS_JOINED;
    const int pid = source->picture < 0 ? -1 : source->format->streams[source->picture]->id;
    const bool parts = io && source_look_through(io, pid, &source->splice);
    if (io)
        source_know_late(source, opts);
    source_vary(source);
    g_auto(source_ptr) whole = parts && source->restarts != RESTARTS_PASS
                                   ? source_open_plain(fd, &joined, &ignored)
                                   : NULL;
    if (whole)
        source_settle(source, whole);
    io_close(io, NULL);
    failure_clear(&ignored);
}

/* Its decoder has said nothing of it: of pictures far apart it takes two. */
static bool is_unseen(const struct source *source)
{
    const AVCodecParameters *par =
        source->picture < 0 ? NULL : source->tracks[source->picture].facts.av->codecpar;
    return par && !source->pictures && par->format == AV_PIX_FMT_NONE &&
           avcodec_find_decoder(par->codec_id);
}

static struct source *open_seeing(int fd, const struct source_opts *opts, struct failure *failure)
{
    struct failure ignored = {0};
    struct source_opts patient = *opts;
    struct source *source = source_open_plain(fd, opts, failure);
    if (!source || source_is_transport_stream(source) || !is_unseen(source))
        return source;
    patient.patient = true;
    struct source *longer = source_open_plain(fd, &patient, &ignored);
    failure_clear(&ignored);
    if (!longer)
        return source;
    source_close(source);
    return longer;
}

static void open_stream(struct source *source, int fd, const struct source_opts *opts)
{
    const bool known = opts->unspliced || source->restarts == RESTARTS_PASS;
    if (!known || (source_has_late(source) && !opts->pieces))
        look_through(source, fd, opts);
    else if (opts->unspliced)
        source->splice.joints = g_array_new(FALSE, FALSE, sizeof(struct joint));
    if (opts->varies.num > 0)
        take_rate(source, opts->varies);
}

struct source *source_open(int fd, const struct source_opts *opts, struct failure *failure)
{
    const struct source_opts plain = {.restarts = RESTARTS_PASS}, *how = opts ? opts : &plain;
    struct source_opts silent = *how;
    silent.reading = NULL;
    struct source *source = open_seeing(fd, &silent, failure);
    if (source && source_is_transport_stream(source))
        open_stream(source, fd, how);
    if (source && !how->pieces)
        source_find_ends(source, how);
    return source;
}

void source_packet_free(void *packet)
{
    av_packet_free(&(AVPacket *){packet});
}

void source_close(struct source *source)
{
    if (!source)
        return;
    for (int i = 0; i < source->count; i++) {
        if (source->tracks[i].watched)
            media_log_unwatch(source->tracks[i].decoder);
        avcodec_free_context(&source->tracks[i].decoder);
        g_clear_pointer(&source->tracks[i].lengths, g_array_unref);
        packet_counter_destroy(source->tracks[i].counter);
    }
    g_free(source->tracks);
    g_clear_pointer(&source->said, g_array_unref);
    g_array_unref(source->splice.parts);
    g_array_unref(source->splice.runs);
    g_clear_pointer(&source->splice.joints, g_array_unref);
    g_clear_pointer(&source->splice.recodings, g_array_unref);
    g_clear_pointer(&source->splice.namings, g_array_unref);
    g_free(source->parts.unjoined);
    g_free(source->parts.left_out);
    g_queue_clear_full(&source->ahead, source_packet_free);
    g_queue_clear_full(&source->waiting, source_packet_free);
    av_packet_free(&source->packet);
    av_frame_free(&source->frame);
    if (source->watched)
        media_log_unwatch(source->format);
    if (source->pictures)
        sequence_close(source);
    avformat_close_input(&source->format);
    io_close(source->io, NULL);
    g_free(source);
}

int source_streams(const struct source *source)
{
    return source->count;
}

const struct source_stream *source_stream(const struct source *source, int index)
{
    return &source->tracks[index].facts;
}

int source_picture(const struct source *source)
{
    return source->picture;
}

int source_sound(const struct source *source)
{
    return source->sound;
}

AVFormatContext *source_format(const struct source *source)
{
    return source->format;
}

const struct source_parts *source_parts(const struct source *source)
{
    return &source->parts;
}

bool source_decoded(const struct source *source, int stream)
{
    return stream >= 0 && source->tracks[stream].next_pts != AV_NOPTS_VALUE;
}

/* Of its own; NAN where only the whole is known. */
static double own_length(const AVFormatContext *format, const struct source_stream *facts)
{
    const AVStream *stream = facts->av;
    if (!isnan(facts->measured_s))
        return facts->measured_s;
    return stream->duration > 0 ? (double)stream->duration * av_q2d(stream->time_base)
                                : tagged_duration(format, stream);
}

/* Subtitles, data and covers may go on behind the last picture and sound, which the programme is as
 * long as. */
double source_duration(const struct source *source)
{
    const int first = source->picture >= 0 ? source->picture : source->sound;
    const bool measured = first >= 0 && !isnan(source->tracks[first].facts.measured_s);
    if (source->format->duration <= 0 && !measured)
        return NAN;
    double whole = whole_length(source->format), media_s = 0, others_s = 0;
    for (int i = 0; i < source->count; i++) {
        const struct source_stream *facts = &source->tracks[i].facts;
        const double length_s = own_length(source->format, facts);
        const double end_s = fmax(facts->start_s, 0) + length_s;
        if (!source_is_media(facts))
            others_s = fmax(others_s, end_s);
        else if (isnan(length_s) && !measured)
            return whole;
        else
            media_s = fmax(media_s, end_s);
    }
    if (measured)
        return media_s;
    return media_s > 0 && others_s > media_s ? fmin(media_s, whole) : whole;
}
