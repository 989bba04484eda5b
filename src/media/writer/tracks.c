/* SPDX-License-Identifier: GPL-3.0-or-later
 * What goes into a file before the first packet: tracks, tags, chapters, timecode. */
#include "base/language.h"
#include "media/frame.h"
#include "media/subtitle.h"
#include "media/writer.h"
#include "model/holds.h"

#include "../bytes/dpx_header.h"
#include "../chain/private.h"
#include "private.h"

#include <libavutil/mastering_display_metadata.h>

static void copy_words(AVDictionary **to, const AVDictionary *from)
{
    const AVDictionaryEntry *entry = NULL;
    while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)))
        if (!writer_word_is_own(entry->key))
            av_dict_set(to, entry->key, entry->value, 0);
}

static bool is_sound(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

static AVRational rate_of(struct rational fps)
{
    return av_make_q((int)fps.num, (int)fps.den);
}

/* Sound of OP-Atom comes in frames of the picture beside it, 25 a second unless told. */
static void set_edit_rate(struct writer *writer, const AVStream *stream, struct rational fps)
{
    if (!writer_is(writer, "mxf_opatom") || !is_sound(stream) || fps.num <= 0)
        return;
    g_autofree char *text = rational_text(fps);
    av_dict_set(&writer->options, "mxf_audio_edit_rate", text, 0);
}

/* Where each container keeps the timecode of the first frame: MOV and MP4 beside a picture alone.
 * They count it at the average rate that they are told, which missing pictures lower. */
static void set_timecode(struct writer *writer, AVStream *stream, struct track *track,
                         const struct writer_track *about)
{
    const char *timecode = about->timecode;
    if (!timecode || !timecode[0])
        return;
    if (writer_is(writer, "mp4 mov")) {
        if (about->timecode_fps.num > 0 && !is_sound(stream))
            stream->avg_frame_rate = rate_of(about->timecode_fps);
        if (stream->avg_frame_rate.num <= 0)
            return;
        av_dict_set(&stream->metadata, "timecode", timecode, 0);
    } else if (writer_is(writer, "mxf mxf_opatom mkv webm")) {
        av_dict_set(&writer->format->metadata, "timecode", timecode, 0);
    } else if (stream->codecpar->codec_id != AV_CODEC_ID_DPX || /* its headers hold one each */
               av_q2d(stream->avg_frame_rate) > DPX_TIMECODE_FPS_MOST) {
        return;
    }
    if (about->reel)
        av_dict_set(&stream->metadata, "reel_name", about->reel, 0);
    g_strlcpy(track->timecode, timecode, sizeof(track->timecode));
}

/* MOV and MP4 hold the three letters of ISO 639-2/T, and none where there is nothing to say. */
static void set_language(struct writer *writer, AVStream *stream, struct track *track)
{
    const AVDictionaryEntry *said = av_dict_get(stream->metadata, "language", NULL, 0);
    const char *full = said ? language_full(said->value) : NULL;
    if (full && writer_is(writer, WRITER_MATROSKA)) {
        writer_matroska_language(stream, full);
    } else if (full && writer_is(writer, "mp4 mov m4a")) {
        av_dict_set(&stream->metadata, "language", language_code(full), 0);
        writer_elng_begin(stream, track, full);
    } else if (said && g_ascii_strcasecmp(said->value, "und") == 0) {
        av_dict_set(&stream->metadata, "language", NULL, 0);
    }
}

static int add(struct writer *writer, AVStream *stream, bool copied,
               const struct writer_track *about)
{
    struct track track = {.copied = copied, .next_sample = AV_NOPTS_VALUE};
    if (about) {
        copy_words(&stream->metadata, about->metadata);
        set_language(writer, stream, &track);
        stream->disposition = about->disposition;
        track.fps = about->fps;
        track.unprimed = about->unprimed;
        set_edit_rate(writer, stream, about->timecode_fps);
        set_timecode(writer, stream, &track, about);
    }
    if (stream->codecpar->codec_id == AV_CODEC_ID_MOV_TEXT)
        track.text = writer_text_create(writer, stream);
    g_array_append_val(writer->tracks, track);
    return writer->tracks->len - 1;
}

static void *new_data(AVStream *stream, enum AVPacketSideDataType type, const void *from,
                      size_t size)
{
    void *data = av_stream_new_side_data(stream, type, size);
    if (data)
        memcpy(data, from, size);
    return data;
}

bool writer_light(struct writer *writer, int number, const struct hdr_static *hdr,
                  struct failure *failure)
{
    AVStream *stream = writer->format->streams[number];
    bool kept = true;
    if (hdr->mastering) {
        size_t size = 0;
        AVMasteringDisplayMetadata *data = av_mastering_display_metadata_alloc();
        if (!data)
            return fail(failure, FAIL_MEMORY, "no memory for HDR metadata");
        size = sizeof(*data);
        memcpy(data->display_primaries, hdr->primaries, sizeof(hdr->primaries));
        memcpy(data->white_point, hdr->white, sizeof(hdr->white));
        data->min_luminance = hdr->min_nit;
        data->max_luminance = hdr->max_nit;
        data->has_primaries = data->has_luminance = 1;
        kept = new_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, data, size);
        av_free(data);
    }
    if (hdr->light && kept) {
        size_t size = 0;
        AVContentLightMetadata *data = av_content_light_metadata_alloc(&size);
        if (!data)
            return fail(failure, FAIL_MEMORY, "no memory for HDR metadata");
        data->MaxCLL = hdr->max_cll;
        data->MaxFALL = hdr->max_fall;
        kept = new_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, data, size);
        av_free(data);
    }
    return kept || fail(failure, FAIL_MEMORY, "no memory for HDR metadata");
}

/* The lines of two fields take turns in a frame, which QuickTime and Matroska tell apart from one
 * field behind the other (QTFF, "fiel"; RFC 9559, FieldOrder); MXF has one word for the order. */
static enum AVFieldOrder stored_order(const struct writer *writer, enum AVFieldOrder order)
{
    bool apart = writer_is(writer, "mp4 mov mkv");
    return apart && order == AV_FIELD_TT   ? AV_FIELD_TB
           : apart && order == AV_FIELD_BB ? AV_FIELD_BT
                                           : order;
}

/* libavformat doesn't say in an MXF which field is first; without a word it is the top. */
static bool holds_order(const struct writer *writer, const AVCodecContext *context,
                        struct failure *failure)
{
    if (!writer_is(writer, "mxf mxf_opatom") || context->field_order != AV_FIELD_BB)
        return true;
    return fail(failure, FAIL_CONFIG,
                "an MXF of %s can't say here that the bottom field comes first: ask for `fields: "
                "top`, which moves the picture by a row, or write a MOV",
                avcodec_get_name(context->codec_id));
}

int writer_add_encoded(struct writer *writer, const struct encoder *encoder,
                       const struct writer_track *about, struct failure *failure)
{
    const AVCodecContext *context = encoder_context(encoder);
    if (!holds_order(writer, context, failure))
        return -1;
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream || avcodec_parameters_from_context(stream->codecpar, context) < 0) {
        fail(failure, FAIL_MEMORY, "no memory for a track");
        return -1;
    }
    stream->codecpar->field_order = stored_order(writer, context->field_order);
    stream->time_base = context->time_base;
    if (!av_cmp_q(av_inv_q(context->time_base), context->framerate))
        stream->avg_frame_rate = stream->r_frame_rate = context->framerate;
    stream->sample_aspect_ratio = context->sample_aspect_ratio;
    int track = add(writer, stream, false, about);
    g_array_index(writer->tracks, struct track, track).priming = context->initial_padding;
    return track;
}

/* The source's own word, unless its pictures come well behind it, as those of a time lapse do
 * behind a sequence header. */
static void set_rate(AVStream *stream, const AVStream *from, const struct writer_track *about)
{
    const AVRational told = from->avg_frame_rate;
    const double fps = about && about->fps.num > 0 ? rational_value(about->fps) : NAN;
    stream->avg_frame_rate = told;
    stream->r_frame_rate = from->r_frame_rate;
    if (isfinite(fps) && (told.num <= 0 || av_q2d(told) > 2 * fps * (1 + 1e-6)))
        stream->avg_frame_rate = rate_of(about->fps);
}

/* Those that its source had, if that was a MOV, or of 4:2:2 (Apple TN2162). */
unsigned writer_raw_tag(const AVCodecParameters *par)
{
    const struct AVCodecTag *const known[] = {avformat_get_mov_video_tags(), NULL};
    if (par->format == AV_PIX_FMT_UYVY422)
        return MKTAG('2', 'v', 'u', 'y');
    if (par->format == AV_PIX_FMT_YUYV422)
        return MKTAG('y', 'u', 'v', 's');
    return av_codec_get_id(known, par->codec_tag) == AV_CODEC_ID_RAWVIDEO ? par->codec_tag : 0;
}

/* Their four letters alone tell the form of their pictures, and muxers of MOV have none of them. */
static bool tells_form(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_UTVIDEO || codec == AV_CODEC_ID_SPEEDHQ;
}

/* The source's four letters, where the muxer knows them; 0: the muxer's. */
static unsigned tag_of(const struct writer *writer, const AVCodecParameters *par)
{
    const struct AVCodecTag *const *tags =
        (const struct AVCodecTag *const *)writer->format->oformat->codec_tag;
    const bool mov = writer_is(writer, "mov");
    if (par->codec_id == AV_CODEC_ID_RAWVIDEO && mov)
        return writer_raw_tag(par);
    const bool known = tags && av_codec_get_id(tags, par->codec_tag) == par->codec_id;
    return known || (mov && tells_form(par->codec_id)) ? par->codec_tag : 0;
}

/* Of MOV and MP4: libavformat passes over colours of which not all are known. */
static void set_colors(struct writer *writer, const AVCodecParameters *par)
{
    const bool said =
        par->color_primaries != AVCOL_PRI_UNSPECIFIED || par->color_trc != AVCOL_TRC_UNSPECIFIED ||
        par->color_space != AVCOL_SPC_UNSPECIFIED || par->color_range == AVCOL_RANGE_JPEG;
    if (said && par->codec_type == AVMEDIA_TYPE_VIDEO && writer_is(writer, "mp4 mov"))
        av_dict_set(&writer->options, "movflags", "+write_colr", AV_DICT_APPEND);
}

int writer_add_copied(struct writer *writer, const AVStream *from, const struct writer_track *about,
                      struct failure *failure)
{
    const AVCodecParameters *par = about && about->par ? about->par : from->codecpar;
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream || avcodec_parameters_copy(stream->codecpar, par) < 0) {
        fail(failure, FAIL_MEMORY, "no memory for a track");
        return -1;
    }
    stream->codecpar->codec_id = subtitle_codec(par);
    if (par->format == AV_PIX_FMT_YUVA420P &&
        !container_holds_alpha(writer->container->name, avcodec_get_name(par->codec_id)))
        stream->codecpar->format = AV_PIX_FMT_YUV420P;
    const unsigned tag = par->codec_tag;
    stream->codecpar->codec_tag = tag_of(writer, par);
    bool dolby = tag == MKTAG('d', 'v', 'h', '1') || tag == MKTAG('d', 'v', 'h', 'e');
    if (par->codec_id == AV_CODEC_ID_HEVC && !dolby && writer_is(writer, "mp4 mov"))
        stream->codecpar->codec_tag = MKTAG('h', 'v', 'c', '1');
    if (about && about->unprimed && par->codec_id != AV_CODEC_ID_OPUS)
        stream->codecpar->initial_padding = 0; /* Opus counts its own in each file */
    stream->time_base = from->time_base;
    if (writer_is(writer, "mxf") && about && about->fps.num > 0) /* its edit rate */
        stream->time_base = av_make_q((int)about->fps.den, (int)about->fps.num);
    set_rate(stream, from, about);
    set_colors(writer, par);
    if (from->sample_aspect_ratio.num)
        stream->codecpar->sample_aspect_ratio = from->sample_aspect_ratio;
    stream->sample_aspect_ratio = stream->codecpar->sample_aspect_ratio;
    for (int i = 0; i < from->nb_side_data; i++)
        if (!new_data(stream, from->side_data[i].type, from->side_data[i].data,
                      from->side_data[i].size)) {
            fail(failure, FAIL_MEMORY, "no memory for a track");
            return -1;
        }
    return add(writer, stream, true, about);
}

int writer_add_stream(struct writer *writer, AVStream *stream)
{
    return add(writer, stream, false, NULL);
}

int writer_add_subtitles(struct writer *writer, const AVCodecParameters *par,
                         const struct writer_track *about, struct failure *failure)
{
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream || avcodec_parameters_copy(stream->codecpar, par) < 0) {
        fail(failure, FAIL_MEMORY, "no memory for a track");
        return -1;
    }
    stream->codecpar->codec_tag = 0;
    stream->time_base = (AVRational){1, 1000};
    return add(writer, stream, true, about);
}

const AVStream *writer_stream(const struct writer *writer, int track)
{
    return writer->format->streams[track];
}

/* Matroska holds it as the private data of a stream that has a name and a type. */
static bool fill_attachment(AVStream *stream, const AVStream *from)
{
    bool cover = from->disposition & AV_DISPOSITION_ATTACHED_PIC;
    const uint8_t *data = cover ? from->attached_pic.data : from->codecpar->extradata;
    int size = cover ? from->attached_pic.size : from->codecpar->extradata_size;
    AVCodecParameters *par = stream->codecpar;
    bool png = from->codecpar->codec_id == AV_CODEC_ID_PNG;
    par->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    par->codec_id = from->codecpar->codec_id;
    par->extradata = av_mallocz((size_t)size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!par->extradata)
        return false;
    memcpy(par->extradata, data, (size_t)size);
    par->extradata_size = size;
    if (cover) {
        av_dict_set(&stream->metadata, "filename", png ? "cover.png" : "cover.jpg", 0);
        av_dict_set(&stream->metadata, "mimetype", png ? "image/png" : "image/jpeg", 0);
    }
    return true;
}

static bool is_cover(const AVStream *from)
{
    enum AVCodecID codec = from->codecpar->codec_id;
    return from->disposition & AV_DISPOSITION_ATTACHED_PIC &&
           (codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_PNG || codec == AV_CODEC_ID_BMP);
}

/* libavformat takes it as a picture of one packet. */
static bool fill_cover(AVStream *stream, const AVStream *from)
{
    stream->disposition = AV_DISPOSITION_ATTACHED_PIC;
    if (avcodec_parameters_copy(stream->codecpar, from->codecpar) < 0)
        return false;
    stream->codecpar->codec_tag = 0;
    return true;
}

bool writer_attachment(struct writer *writer, const AVStream *from, struct failure *failure)
{
    bool cover = writer_is(writer, "mp4") && !writer->fragmented && is_cover(from);
    if (!cover && !writer_is(writer, "mkv"))
        return false;
    const struct writer_track about = {.metadata = from->metadata};
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream || !(cover ? fill_cover(stream, from) : fill_attachment(stream, from)))
        return fail(failure, FAIL_MEMORY, "no memory for an attachment");
    int number = add(writer, stream, true, cover ? NULL : &about);
    struct track *track = &g_array_index(writer->tracks, struct track, number);
    track->is_cover = cover;
    track->cover = cover ? packet_copy(&from->attached_pic) : NULL;
    return true;
}

bool writer_takes(const struct container *container, enum AVCodecID codec, const char **reason)
{
    const AVOutputFormat *format =
        container->muxer ? av_guess_format(container->muxer, NULL, NULL) : NULL;
    *reason = "the container doesn't hold this codec";
    return format && codec != AV_CODEC_ID_NONE &&
           avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1;
}

void writer_tag(struct writer *writer, const char *key, const char *value)
{
    av_dict_set(&writer->format->metadata, key, value, 0);
}

void writer_tags(struct writer *writer, const AVDictionary *from)
{
    copy_words(&writer->format->metadata, from);
}

/* QuickTime has chapters as text that follows on itself from 0: where there is none, it is empty.
 * libavformat leaves those without a name out, and with them their time. */
static bool has_chapter_track(const struct writer *writer)
{
    return writer_is(writer, "mov mp4 m4a");
}

static bool add_chapter(struct writer *writer, int64_t from_us, int64_t to_us,
                        const AVDictionary *metadata, struct failure *failure)
{
    AVFormatContext *format = writer->format;
    AVChapter **list = av_realloc_array(format->chapters, format->nb_chapters + 1, sizeof(*list));
    if (!list)
        return fail(failure, FAIL_MEMORY, "no memory for chapters");
    format->chapters = list;
    AVChapter *chapter = av_mallocz(sizeof(*chapter));
    if (!chapter)
        return fail(failure, FAIL_MEMORY, "no memory for chapters");
    chapter->id = format->nb_chapters + 1;
    chapter->time_base = AV_TIME_BASE_Q;
    chapter->start = from_us;
    chapter->end = to_us;
    av_dict_copy(&chapter->metadata, metadata, 0);
    if (has_chapter_track(writer))
        av_dict_set(&chapter->metadata, "title", "", AV_DICT_DONT_OVERWRITE);
    list[format->nb_chapters++] = chapter;
    return true;
}

bool writer_chapter(struct writer *writer, double from_s, double to_s, const AVDictionary *metadata,
                    struct failure *failure)
{
    static const int64_t rounding_us = 1000;
    const AVFormatContext *format = writer->format;
    const unsigned before = format->nb_chapters;
    const int64_t from_us = llround(from_s * AV_TIME_BASE), to_us = llround(to_s * AV_TIME_BASE);
    const int64_t end_us = before ? format->chapters[before - 1]->end : 0;
    const bool gap = has_chapter_track(writer) && from_us > end_us + rounding_us;
    return (!gap || add_chapter(writer, end_us, from_us, NULL, failure)) &&
           add_chapter(writer, from_us, to_us, metadata, failure);
}
