/* SPDX-License-Identifier: GPL-3.0-or-later
 * The muxer: one file, its tracks, and every way in which writing can fail. */
#include "media/writer.h"

#include "media/frame.h"
#include "media/io.h"
#include "media/log.h"
#include "media/sound_form.h"
#include "media/source.h"

#include "../bytes/dpx_header.h"
#include "../chain/private.h"
#include "../signal/packet_sound.h"
#include "base/timecode.h"
#include "model/holds.h"
#include "private.h"

#include <libavutil/opt.h>
#include <math.h>

static void set_options(struct writer *writer, const struct encode *encode)
{
    bool mov = writer_is(writer, "mp4 mov m4a");
    g_autoptr(GString) flags = g_string_new(NULL);
    writer->fragmented = mov && encode->fragment.kind != POSITION_NONE;
    if (writer->fragmented) { /* the index waits for the first fragment, whose edit list it has */
        g_string_append(flags, "+frag_keyframe+delay_moov+default_base_moof");
        av_dict_set_int(&writer->options, "min_frag_duration",
                        llround(encode->fragment.value * AV_TIME_BASE), 0);
    } else if (mov && encode->faststart) {
        g_string_append(flags, "+faststart");
    }
    if (writer_is(writer, "webp_anim"))
        av_dict_set_int(&writer->options, "loop", encode->loop, 0);
    if (writer_is(writer, "gif")) /* it counts what follows the first time; -1 is none */
        av_dict_set_int(&writer->options, "loop", encode->loop == 1 ? -1 : MAX(encode->loop - 1, 0),
                        0);
    writer->hides_start = mov && encode->edit_lists;
    if (mov && !encode->edit_lists) {
        g_string_append(flags, "+negative_cts_offsets");
        av_dict_set(&writer->options, "use_editlist", "0", 0);
    }
    if (flags->len)
        av_dict_set(&writer->options, "movflags", flags->str, 0);
    if (container_is_folder(writer->container))
        av_dict_set_int(&writer->options, "start_number", encode->first_frame, 0);
}

/* "A001.####.dpx" as libavformat counts: "A001.%04d.dpx". The last run of # is the number. */
static char *pattern_of(const char *files)
{
    const char *last = strrchr(files, '#');
    size_t end = last ? (size_t)(last - files) + 1 : 0, begin = end;
    while (begin > 0 && files[begin - 1] == '#')
        begin--;
    g_autofree char *before = g_strndup(files, begin);
    g_auto(GStrv) parts = g_strsplit(before, "%", -1);
    g_autofree char *escaped = g_strjoinv("%%", parts);
    return g_strdup_printf("%s%%0%zud%s", escaped, end - begin, files + end);
}

static struct io *io_of(const struct container *container, const char *files, int fd)
{
    g_autofree char *pattern = container_is_folder(container) ? pattern_of(files) : NULL;
    return pattern ? io_folder(fd, pattern) : io_writer(fd);
}

struct writer *writer_create(const struct encode *encode, const struct container *container,
                             const char *files, int fd, struct failure *failure)
{
    if (container && container_is_folder(container) && !files) {
        fail(failure, FAIL_INTERNAL, "the task doesn't say how the files of a folder are called");
        return NULL;
    }
    if (!container || !container->muxer) {
        fail(failure, FAIL_UNSUPPORTED, "%s files are not written by libavformat",
             container ? container->name : "such");
        return NULL;
    }
    struct writer *writer = g_new0(struct writer, 1);
    writer->container = container;
    writer->fd = fd;
    writer->tracks = g_array_new(FALSE, TRUE, sizeof(struct track));
    avformat_alloc_output_context2(&writer->format, NULL, container->muxer, NULL);
    media_log_watch(writer->format);
    writer->io = io_of(container, files, fd);
    if (!writer->format || !writer->io) {
        fail(failure, FAIL_MEMORY, "no memory for a %s file", container->name);
        writer_destroy(writer);
        return NULL;
    }
    if (!io_attach(writer->io, writer->format, failure)) {
        writer_destroy(writer);
        return NULL;
    }
    writer->format->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL; /* FLAC in MP4 */
    if (encode->reproducible)
        writer->format->flags |= AVFMT_FLAG_BITEXACT;
    set_options(writer, encode);
    return writer;
}

static void track_clear(struct track *track)
{
    early_destroy(track->early);
    av_packet_free(&track->cover);
    silence_destroy(track->silence_of);
    packet_counter_destroy(track->counter);
    packet_listener_destroy(track->listener);
    timed_text_destroy(track->text);
}

void writer_destroy(struct writer *writer)
{
    struct failure ignored = {0};
    if (!writer)
        return;
    media_log_unwatch(writer->format);
    avformat_free_context(writer->format);
    io_close(writer->io, &ignored);
    failure_clear(&ignored);
    av_dict_free(&writer->options);
    for (guint i = 0; i < writer->tracks->len; i++)
        track_clear(&g_array_index(writer->tracks, struct track, i));
    g_array_unref(writer->tracks);
    g_free(writer);
}

bool writer_is(const struct writer *writer, const char *names)
{
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    return g_strv_contains((const char *const *)list, writer->container->name);
}

bool writer_has_track(const struct writer *writer, guint number)
{
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    const AVCodecParameters *par = writer->format->streams[number]->codecpar;
    return !track->is_cover && (track->packets || par->codec_id == AV_CODEC_ID_MOV_TEXT ||
                                writer->fragmented || !writer_is(writer, "mp4 mov m4a"));
}

static bool refuse(const struct writer *writer, int error, struct failure *failure)
{
    g_autoptr(GString) names = g_string_new(NULL);
    bool copied = false;
    for (guint i = 0; i < writer->tracks->len; i++) {
        const AVCodecParameters *par = writer->format->streams[i]->codecpar;
        g_string_append_printf(names, "%s%s", i ? ", " : "", avcodec_get_name(par->codec_id));
        copied |= g_array_index(writer->tracks, struct track, i).copied;
    }
    const char *video = writer->container->video, *audio = writer->container->audio;
    g_autofree char *takes =
        copied ? g_strdup_printf("; instead of `copy` name codecs that it takes: %s%s%s", video,
                                 *video && *audio ? " " : "", audio)
               : g_strdup("");
    g_autofree char *why = media_log_first_error(writer->format);
    if (why && g_str_has_suffix(why, "."))
        why[strlen(why) - 1] = '\0';
    return fail(failure, error == AVERROR(ENOMEM) ? FAIL_MEMORY : FAIL_CONFIG,
                "a %s file can't hold these streams (%s): %s%s", writer->container->name,
                names->str, why ? why : av_err2str(error), takes);
}

/* The first cause, whoever met it: the disk before the muxer's opinion. That of MXF about a form of
 * its codecs comes with the first packet. */
static bool broken(struct writer *writer, int error, const char *doing, struct failure *failure)
{
    int disk = io_error(writer->io);
    if (disk)
        return fail(failure, FAIL_DISK, "%s the file: %s", doing, g_strerror(disk));
    if (error == AVERROR(EPERM) && writer_is(writer, "mxf mxf_opatom"))
        return refuse(writer, error, failure);
    return fail_av(failure, error == AVERROR(ENOSPC) ? FAIL_DISK : FAIL_INTERNAL, error,
                   "%s the %s file", doing, writer->container->name);
}

/* Intra-only codecs come out as they go in, so their tracks need not wait for each other long. */
static void bound_memory(struct writer *writer)
{
    bool reorders = false;
    for (unsigned i = 0; i < writer->format->nb_streams; i++) {
        const AVCodecParameters *par = writer->format->streams[i]->codecpar;
        const AVCodecDescriptor *row = avcodec_descriptor_get(par->codec_id);
        reorders |= par->codec_type == AVMEDIA_TYPE_VIDEO &&
                    (!row || !(row->props & AV_CODEC_PROP_INTRA_ONLY));
    }
    writer->format->max_interleave_delta = reorders ? 10000000 : 1000000;
}

static bool write_covers(struct writer *writer, struct failure *failure)
{
    for (guint i = 0; i < writer->tracks->len; i++) {
        struct track *track = &g_array_index(writer->tracks, struct track, i);
        if (!track->cover)
            continue;
        track->cover->stream_index = (int)i;
        track->cover->pts = track->cover->dts = 0;
        int error = av_interleaved_write_frame(writer->format, track->cover);
        av_packet_free(&track->cover);
        if (error < 0)
            return broken(writer, error, "writing", failure);
    }
    return true;
}

/* QuickTime's and iTunes' own atoms have places for a few words; what cameras write goes as
 * metadata items by name (QuickTime File Format, "mdta"), all words or none. */
static void choose_metadata(struct writer *writer)
{
    const AVDictionary *words = writer->format->metadata;
    const AVDictionaryEntry *entry = NULL;
    bool named = writer_is(writer, "mp4") &&
                 (av_dict_get(words, "make", NULL, 0) || av_dict_get(words, "model", NULL, 0));
    while (!named && (entry = av_dict_get(words, "", entry, AV_DICT_IGNORE_SUFFIX)))
        named = g_str_has_prefix(entry->key, "com.");
    if (named && writer_is(writer, "mp4 mov"))
        av_dict_set(&writer->options, "movflags", "+use_metadata_tags", AV_DICT_APPEND);
}

/* No file of a folder of pictures says how many there are in a second. */
static void tell_rate(const struct writer *writer)
{
    AVRational fps = writer->format->streams[0]->avg_frame_rate;
    g_autofree char *text = g_strdup_printf("%d/%d", fps.num, fps.den);
    io_tell(writer->io, text);
}

bool writer_start(struct writer *writer, struct failure *failure)
{
    if (container_is_folder(writer->container))
        tell_rate(writer);
    writer_keep_start(writer);
    bound_memory(writer);
    choose_metadata(writer);
    int error = avformat_write_header(writer->format, &writer->options);
    if (error < 0) {
        if (io_error(writer->io))
            return broken(writer, error, "starting", failure);
        return refuse(writer, error, failure);
    }
    const AVDictionaryEntry *left = av_dict_get(writer->options, "", NULL, AV_DICT_IGNORE_SUFFIX);
    if (left)
        return fail(failure, FAIL_INTERNAL, "muxer %s has no option %s", writer->container->name,
                    left->key);
    writer_find_delays(writer);
    writer->started = true;
    return write_covers(writer, failure);
}

/* Copied sound may have holes in its times: between packets, or as one that lasts for longer than
 * what it holds; where that can't be told, than the others, which all hold as many samples but the
 * last. */
static void find_hole(const AVStream *stream, struct track *track, const AVPacket *packet)
{
    const AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    const int64_t holds = av_rescale_q(track->samples, rate, stream->time_base), rounding = 1;
    int64_t lasts = packet->duration, usual = holds > 0 ? holds : track->usual;
    int64_t before = track->usual ? packet->pts - track->end : 0; /* 0: nobody said how long */
    if (lasts <= 0)
        return;
    if (before > MAX(lasts / 2, rounding))
        track->holes += before;
    if (usual && lasts > 2 * usual + rounding)
        track->holes += lasts - usual;
    else if (holds <= 0 && usual > 2 * lasts && track->packets == 1)
        track->holes += usual - lasts;
    track->usual = usual ? MIN(usual, lasts) : lasts;
}

/* Only edit lists hide packets. */
static void account(const struct writer *writer, struct track *track, AVPacket *packet)
{
    int64_t end = packet->pts + packet->duration;
    bool begun = track->packets > track->hidden;
    if (!writer_is(writer, "mp4 mov m4a") || writer->fragmented)
        packet->flags &= ~AV_PKT_FLAG_DISCARD;
    if (packet->flags & AV_PKT_FLAG_DISCARD) {
        track->hidden++;
        track->cut_off |= begun;
    } else {
        find_hole(writer->format->streams[packet->stream_index], track, packet);
        track->first = begun ? MIN(track->first, packet->pts) : packet->pts;
        track->end = begun ? MAX(track->end, end) : end;
    }
    track->packets++;
}

/* Timecode of a picture so many after the first; NULL none. Caller frees. */
static char *timecode_at(const struct track *track, struct rational fps)
{
    struct timecode first;
    if (!timecode_parse(track->timecode, fps, &first))
        return NULL;
    first.frame += track->packets;
    return timecode_text(first);
}

static bool describe_picture(const struct writer *writer, const struct track *track,
                             AVPacket *packet)
{
    const AVStream *stream = writer->format->streams[packet->stream_index];
    AVRational rate = stream->avg_frame_rate;
    struct rational fps = rational_make(rate.num, rate.den);
    g_autofree char *timecode = timecode_at(track, fps);
    return stream->codecpar->codec_id != AV_CODEC_ID_DPX ||
           dpx_describe(packet, stream->codecpar, fps, timecode);
}

/* Of Windows Media Audio libavcodec knows no more than the mean. */
static bool is_estimated(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_WMAV1 || codec == AV_CODEC_ID_WMAV2;
}

/* In the times that it comes with: a muxer's may be coarser. */
static void see_clock(struct track *track, const AVCodecParameters *par, const AVPacket *packet,
                      AVRational time_base)
{
    const struct sound_form form = sound_form_of(par, packet);
    const int rate = par->sample_rate;
    const int own_rate = form.codec == AV_CODEC_ID_NONE ? rate : form.rate_hz;
    if (packet->pts == AV_NOPTS_VALUE || track->samples <= 0 || rate <= 0 ||
        is_estimated(par->codec_id))
        return;
    const int64_t at = av_rescale_q(packet->pts, time_base, (AVRational){1, rate});
    const int64_t lasts = av_rescale(track->samples, rate, own_rate);
    if (!track->clock.begun)
        track->due = at;
    track->clock.rate = rate;
    sound_clock_see(&track->clock, at - track->due, (int)lasts);
    track->due += lasts;
}

double writer_apart(const struct writer *writer, int track)
{
    const struct sound_clock *clock = &g_array_index(writer->tracks, struct track, track).clock;
    return clock->runs_apart ? clock->apart / clock->rate : 0;
}

static void count_samples(const struct writer *writer, int number, struct track *track,
                          const AVPacket *packet, AVRational time_base)
{
    const AVStream *stream = writer->format->streams[number];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
        return;
    if (!track->counter) {
        track->counter = packet_counter_create(stream->codecpar);
        track->listener = track->copied ? packet_listener_create(stream->codecpar) : NULL;
    }
    track->samples = packet_counter_samples(track->counter, packet);
    if (track->copied)
        see_clock(track, stream->codecpar, packet, time_base);
}

bool writer_mux(struct writer *writer, int number, AVPacket *packet, struct failure *failure)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    packet->stream_index = number;
    packet->pos = -1;
    writer_mend_times(writer, number, packet);
    if (!track->packets && track->copied)
        track->priming = packet_skip_get(packet).start;
    if (container_is_folder(writer->container) && !describe_picture(writer, track, packet))
        return fail(failure, FAIL_MEMORY, "no memory for a picture's header");
    account(writer, track, packet);
    int error = av_interleaved_write_frame(writer->format, packet);
    if (error < 0 || io_error(writer->io))
        return broken(writer, error, "writing", failure);
    return writer_fit_on(writer, number, failure);
}

/* What is read back of fragments is all that there is: there is no edit list for their end, and
 * libavformat's reader doesn't heed the one for their start. */
bool writer_send(struct writer *writer, int number, AVPacket *packet, AVRational time_base,
                 struct failure *failure)
{
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    track->heard += track->listener
                        ? packet_listener_hear(track->listener, packet)
                        : track->samples - (writer->fragmented ? 0 : packet_skip_get(packet).end);
    writer_fine_times(writer, number, packet, time_base);
    if (track->text)
        return writer_put_text(writer, number, packet, failure);
    return writer_pass_texts(writer, number, packet, failure) &&
           writer_mux(writer, number, packet, failure);
}

bool writer_write(struct writer *writer, int number, AVPacket *packet, AVRational time_base,
                  struct failure *failure)
{
    count_samples(writer, number, &g_array_index(writer->tracks, struct track, number), packet,
                  time_base);
    return writer_hold_early(writer, number, packet, time_base) ||
           (writer_pass_early(writer, number, packet, time_base, failure) &&
            writer_send(writer, number, packet, time_base, failure));
}

/* What was encoded; a copy is as its source says. */
static const char *fields_of(const struct track *track, enum AVFieldOrder order)
{
    bool top = order == AV_FIELD_TT || order == AV_FIELD_TB;
    if (track->copied || order == AV_FIELD_UNKNOWN)
        return NULL;
    return order == AV_FIELD_PROGRESSIVE ? "progressive" : top ? "top" : "bottom";
}

static void claim_picture(const struct writer *writer, struct claim *claim,
                          const struct track *track, const AVStream *stream)
{
    const AVCodecParameters *par = stream->codecpar;
    claim->frames = track->packets - track->hidden;
    claim->video_s = (track->end - track->first) * av_q2d(stream->time_base);
    claim->width = par->width;
    claim->height = par->height;
    claim->video_codec = g_strdup(avcodec_get_name(par->codec_id));
    claim->pix_fmt = g_strdup(av_get_pix_fmt_name(par->format));
    if (par->color_range != AVCOL_RANGE_UNSPECIFIED)
        claim->color_range = g_strdup(av_color_range_name(par->color_range));
    if (par->color_space != AVCOL_SPC_UNSPECIFIED)
        claim->color_matrix = g_strdup(av_color_space_name(par->color_space));
    if (par->color_primaries != AVCOL_PRI_UNSPECIFIED && par->codec_id != AV_CODEC_ID_EXR)
        claim->color_primaries = g_strdup(av_color_primaries_name(par->color_primaries));
    if (par->color_trc != AVCOL_TRC_UNSPECIFIED)
        claim->color_transfer = g_strdup(av_color_transfer_name(par->color_trc));
    claim->fields = g_strdup(fields_of(track, par->field_order));
    claim->edit_rate = track->fps.num > 0 && writer_is(writer, "mxf mxf_opatom")
                           ? rational_text(track->fps)
                           : NULL;
}

static bool is_lossless(enum AVCodecID codec)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(codec);
    return row && row->props & AV_CODEC_PROP_LOSSLESS && !(row->props & AV_CODEC_PROP_LOSSY);
}

/* Its packets said how many samples they have, and each of them is heard, whatever times they come
 * with; MXF alone leaves some of them out. */
static bool counts_itself(const struct writer *writer, const struct track *track,
                          const AVCodecParameters *par)
{
    return is_lossless(par->codec_id) && track->heard > 0 && track->copied && track->first >= 0 &&
           !track->hidden && !track->priming && !track->silence &&
           !writer_is(writer, "mxf mxf_opatom");
}

static bool is_read_whole(const struct writer *writer, const struct track *track)
{
    return writer->fragmented && track->copied && track->heard > 0;
}

/* In Matroska, whose reader in libavformat gives packets before 0 no times: it counts back where it
 * knows how long they are. */
static bool has_times_before_0(const AVStream *stream)
{
    const enum AVCodecID codec = stream->codecpar->codec_id;
    return codec != AV_CODEC_ID_OPUS && codec != AV_CODEC_ID_VORBIS && codec != AV_CODEC_ID_ALAC;
}

/* A film begins with its picture, and a file at its time 0: what a copy has to bring of sound
 * before that, since packets are whole, isn't of it. An edit list hides it, and Matroska has it
 * before 0. */
static double sound_start(const struct writer *writer, const struct track *track,
                          const AVStream *stream)
{
    const bool hides =
        writer->hides_start || (writer_is(writer, WRITER_MATROSKA) && has_times_before_0(stream));
    const int64_t first = hides ? MAX(track->first, 0) : track->first;
    const int64_t holes = track->copied ? track->holes : 0;
    return (first + holes) * av_q2d(stream->time_base);
}

/* By its times, but a decoder gives samples. */
static double copied_length(const struct track *track, double lasts_s)
{
    return track->clock.begun ? lasts_s - track->clock.now / track->clock.rate : lasts_s;
}

/* Where times are coarser than samples (Matroska), these can't be counted from them. */
static void claim_sound(const struct writer *writer, struct claim *claim, const struct track *track,
                        const AVStream *stream)
{
    const AVCodecParameters *par = stream->codecpar;
    double end_s = track->end * av_q2d(stream->time_base), picture_s = writer_picture_end(writer);
    if (writer_is(writer, "mxf") && end_s > picture_s)
        end_s = picture_s;
    const bool whole = track->listener || is_read_whole(writer, track);
    claim->audio_s = whole ? (double)track->heard / par->sample_rate
                           : copied_length(track, end_s - sound_start(writer, track, stream));
    bool fine = av_cmp_q(stream->time_base, (AVRational){1, par->sample_rate}) <= 0;
    claim->samples = !fine ? -1
                     : whole || counts_itself(writer, track, par)
                         ? track->heard
                         : llround(claim->audio_s * par->sample_rate);
    claim->audio_codec = g_strdup(avcodec_get_name(par->codec_id));
    claim->sample_rate = par->sample_rate;
    claim->channels = par->ch_layout.nb_channels;
}

int writer_sound(const struct writer *writer)
{
    const bool marked = container_holds(writer->container->name) & HOLDS_DEFAULT;
    int best = -1, best_rank = -1;
    for (guint i = 0; i < writer->tracks->len; i++) {
        const AVStream *stream = writer->format->streams[i];
        int rank = marked ? source_rank(stream) : 0;
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || !writer_has_track(writer, i) ||
            rank <= best_rank)
            continue;
        best = (int)i;
        best_rank = rank;
    }
    return best;
}

static void hear_ends(const struct writer *writer)
{
    for (guint i = 0; i < writer->tracks->len; i++) {
        struct track *track = &g_array_index(writer->tracks, struct track, i);
        if (track->listener)
            track->heard += packet_listener_hear(track->listener, NULL);
    }
}

static void fill_claim(const struct writer *writer, struct claim *claim)
{
    const int sound = writer_sound(writer);
    claim_clear(claim);
    claim->video_s = claim->audio_s = NAN;
    claim->video_streams = claim->audio_streams = claim->subtitles = 0;
    claim->chapters = (int)writer->format->nb_chapters;
    for (guint i = 0; i < writer->tracks->len; i++) {
        const struct track *track = &g_array_index(writer->tracks, struct track, i);
        const AVStream *stream = writer->format->streams[i];
        enum AVMediaType type = stream->codecpar->codec_type;
        if (!writer_has_track(writer, i))
            continue;
        claim->subtitles += type == AVMEDIA_TYPE_SUBTITLE;
        if (track->timecode[0] && !claim->timecode)
            claim->timecode = g_strdup(track->timecode);
        bool media = type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO;
        claim->copied += media && track->copied;
        if (type == AVMEDIA_TYPE_VIDEO && claim->video_streams++ == 0)
            claim_picture(writer, claim, track, stream);
        claim->audio_streams += type == AVMEDIA_TYPE_AUDIO;
        if ((int)i == sound)
            claim_sound(writer, claim, track, stream);
    }
}

bool writer_finish(struct writer *writer, struct claim *claim, struct failure *failure)
{
    if (!writer_end_texts(writer, failure) || !writer_keeps_rate(writer, failure) ||
        !writer_fit_sound(writer, failure))
        return false;
    int error = av_write_trailer(writer->format);
    writer->started = false;
    if (error < 0 || io_error(writer->io))
        return broken(writer, error, "finishing", failure);
    hear_ends(writer);
    fill_claim(writer, claim);
    struct io *io = writer->io;
    writer->io = NULL;
    writer->format->pb = NULL;
    return io_close(io, failure) && writer_mend_movie(writer, failure) &&
           writer_mend_mxf(writer, failure) && writer_mend_matroska(writer, failure);
}
