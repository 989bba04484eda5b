/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts of moving picture and sound, from an opened source. */
#include "media/probe.h"

#include "media/encoder.h"
#include "media/source.h"
#include "media/subtitle.h"
#include "movie.h"
#include "tags.h"

#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

static char *known(const char *name)
{
    bool unknown = !name || strcmp(name, "unknown") == 0 || strcmp(name, "reserved") == 0;
    return unknown ? NULL : g_strdup(name);
}

static double or_zero(double value)
{
    return isnan(value) ? 0 : value;
}

static char *container_name(const struct source *source)
{
    const AVFormatContext *format = source_format(source);
    const char *name = format->iformat->name;
    const AVDictionaryEntry *brand = av_dict_get(format->metadata, "major_brand", NULL, 0);
    if (g_str_has_prefix(name, "mov,"))
        return g_strdup(!brand || g_str_has_prefix(brand->value, "qt") ? "mov" : "mp4");
    return g_strndup(name, strcspn(name, ","));
}

static const char *const kinds[] = {
    [AVMEDIA_TYPE_VIDEO] = "video",      [AVMEDIA_TYPE_AUDIO] = "audio",
    [AVMEDIA_TYPE_DATA] = "data",        [AVMEDIA_TYPE_SUBTITLE] = "subtitle",
    [AVMEDIA_TYPE_ATTACHMENT] = "cover",
};

static char *disposition_text(int disposition)
{
    GString *text = g_string_new(NULL);
    for (int bit = 0; bit < 31; bit++) {
        const char *name = disposition & 1 << bit ? av_disposition_to_string(1 << bit) : NULL;
        if (name)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", name);
    }
    return g_string_free(text, text->len == 0);
}

static void add_language(char **list, const char *language)
{
    char *longer = g_strconcat(*list ? *list : "", *list ? ", " : "", language, NULL);
    g_free(*list);
    *list = longer;
}

static void add_stream(const struct source_stream *stream, struct facts *facts)
{
    struct stream_facts *row = g_new0(struct stream_facts, 1);
    const AVCodecParameters *par = stream->av->codecpar;
    int type = stream->type;
    bool attachment = par->codec_type == AVMEDIA_TYPE_ATTACHMENT;
    const int of = source_stream_type(stream);
    bool named = of >= 0 && of < (int)G_N_ELEMENTS(kinds);
    row->index = stream->index;
    row->kind = g_strdup(attachment ? "attachment" : named ? kinds[of] : "data");
    row->left_out = g_strdup(stream->left_out);
    const enum AVCodecID codec = subtitle_codec(par);
    row->codec = g_strdup(codec == AV_CODEC_ID_NONE ? "unknown" : avcodec_get_name(codec));
    row->language = tag_text(stream->av->metadata, "language");
    row->title = tag_text(stream->av->metadata, "title");
    row->disposition = disposition_text(stream->av->disposition);
    row->start_s = stream->start_s;
    row->duration_s = source_stream_length(stream);
    if (isnan(row->duration_s) && stream->av->duration > 0)
        row->duration_s = (double)stream->av->duration * av_q2d(stream->av->time_base);
    facts->audio_tracks += type == AVMEDIA_TYPE_AUDIO;
    facts->subtitle_tracks += type == AVMEDIA_TYPE_SUBTITLE;
    if (type == AVMEDIA_TYPE_AUDIO)
        add_language(&facts->languages, row->language ? row->language : "und");
    if (type == AVMEDIA_TYPE_SUBTITLE)
        add_language(&facts->subtitle_languages, row->language ? row->language : "und");
    g_ptr_array_add(facts->streams, row);
}

static bool has_side_data(const AVStream *stream, enum AVPacketSideDataType type)
{
    return av_stream_get_side_data(stream, type, NULL) != NULL;
}

static void read_hdr(const AVStream *stream, struct facts *facts)
{
    enum AVColorTransferCharacteristic transfer = stream->codecpar->color_trc;
    struct hdr_static hdr = {0};
    const char *format = NULL;
    if (has_side_data(stream, AV_PKT_DATA_DOVI_CONF))
        format = "dolby-vision";
    else if (transfer == AVCOL_TRC_ARIB_STD_B67)
        format = "hlg";
    else if (transfer == AVCOL_TRC_SMPTE2084)
        format = has_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA) ||
                         has_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL)
                     ? "hdr10"
                     : "pq";
    hdr_from_stream(&hdr, stream);
    hdr_to_facts(&hdr, facts);
    facts->hdr = format != NULL;
    facts->hdr_format = g_strdup(format);
}

static const char *const field_orders[] = {
    [AV_FIELD_PROGRESSIVE] = "progressive",
    [AV_FIELD_TT] = "tt",
    [AV_FIELD_BB] = "bb",
    [AV_FIELD_TB] = "tb",
    [AV_FIELD_BT] = "bt",
};

static int64_t count_frames(const struct source_stream *stream, const struct facts *facts)
{
    if (stream->av->nb_frames > 0)
        return stream->av->nb_frames;
    if (stream->counted > 0)
        return stream->counted;
    const double length_s = source_stream_length(stream);
    return facts->vfr || isnan(length_s) ? 0 : llrint(length_s * rational_value(facts->fps));
}

static void read_colour(const AVCodecParameters *par, struct facts *facts)
{
    facts->color_range = known(av_color_range_name(par->color_range));
    facts->color_matrix = known(av_color_space_name(par->color_space));
    facts->color_primaries = known(av_color_primaries_name(par->color_primaries));
    facts->color_transfer = known(av_color_transfer_name(par->color_trc));
    if (par->chroma_location != AVCHROMA_LOC_UNSPECIFIED)
        facts->chroma_location = known(av_chroma_location_name(par->chroma_location));
}

static void read_fields(const struct source_stream *stream, const struct video_shape *shape,
                        struct facts *facts)
{
    const bool single = stream->single != AV_FIELD_UNKNOWN;
    const enum AVFieldOrder order = single ? stream->single : stream->av->codecpar->field_order;
    facts->interlaced = single || shape->interlaced;
    if (order > AV_FIELD_UNKNOWN && order < (int)G_N_ELEMENTS(field_orders))
        facts->field_order = g_strdup(field_orders[order]);
}

static void read_picture(const struct source *source, struct facts *facts)
{
    const struct source_stream *stream = source_stream(source, source_picture(source));
    const AVCodecParameters *par = stream->av->codecpar;
    struct video_shape shape;
    source_video_shape(source, stream->index, &shape, NULL);
    bool turned = stream->rotation % 180 != 0;
    facts->width = turned ? par->height : par->width;
    facts->height = turned ? par->width : par->height;
    facts->sar = shape.sar;
    if (turned && shape.sar.num)
        facts->sar = rational_make(shape.sar.den, shape.sar.num);
    facts->rotation = stream->rotation;
    facts->flipped = stream->flipped;
    facts->fps = stream->fps;
    facts->bit_depth = shape.depth;
    facts->alpha = shape.alpha;
    facts->pix_fmt = g_strdup(shape.pix_fmt);
    read_fields(stream, &shape, facts);
    facts->vfr = stream->variable;
    facts->codec = g_strdup(avcodec_get_name(par->codec_id));
    facts->profile = g_strdup(avcodec_profile_name(par->codec_id, par->profile));
    facts->level = level_text(par);
    facts->frames = count_frames(stream, facts);
    read_colour(par, facts);
    facts->container_colors = colors_numbers(&stream->container);
    read_hdr(stream->av, facts);
}

static int sound_depth(const AVCodecParameters *par)
{
    const AVCodecDescriptor *desc = avcodec_descriptor_get(par->codec_id);
    if (desc && !(desc->props & AV_CODEC_PROP_LOSSLESS))
        return 0;
    int exact = av_get_exact_bits_per_sample(par->codec_id);
    return par->bits_per_raw_sample ? par->bits_per_raw_sample
           : exact                  ? exact
                                    : par->bits_per_coded_sample;
}

static void read_sound(const struct source *source, struct facts *facts)
{
    const struct source_stream *stream = source_stream(source, source_sound(source));
    const AVCodecParameters *par = stream->av->codecpar;
    struct sound_shape shape;
    source_sound_shape(source, stream->index, &shape);
    facts->audio_codec = g_strdup(avcodec_get_name(par->codec_id));
    facts->channels = shape.channels;
    facts->channel_layout = g_strdup(shape.layout);
    facts->sample_rate = par->sample_rate;
    facts->sample_format = g_strdup(av_get_sample_fmt_name(par->format));
    facts->audio_bit_depth = sound_depth(par);
    facts->samples = llrint(or_zero(source_stream_length(stream)) * par->sample_rate);
    if (facts->kind == KIND_AUDIO) {
        facts->codec = g_strdup(facts->audio_codec);
        facts->profile = g_strdup(avcodec_profile_name(par->codec_id, par->profile));
    }
}

/* From the bit rate, which may be any. */
static bool is_guessed(const struct source *source)
{
    const int picture = source_picture(source),
              main = picture >= 0 ? picture : source_sound(source);
    return source_format(source)->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE &&
           main >= 0 && isnan(source_stream(source, main)->measured_s);
}

void media_probe_source(const struct source *source, struct facts *facts)
{
    const AVFormatContext *format = source_format(source);
    facts->kind = source_picture(source) >= 0 ? KIND_VIDEO : KIND_AUDIO;
    facts->container = container_name(source);
    facts->duration_s = is_guessed(source) ? 0 : or_zero(source_duration(source));
    facts->bit_rate = format->bit_rate > 0 ? (double)format->bit_rate : 0;
    facts->chapters = (int)format->nb_chapters;
    for (int i = 0; i < source_streams(source); i++)
        add_stream(source_stream(source, i), facts);
    facts->languages = facts->languages ? facts->languages : g_strdup("");
    facts->subtitle_languages =
        facts->subtitle_languages ? facts->subtitle_languages : g_strdup("");
    if (facts->kind == KIND_VIDEO)
        read_picture(source, facts);
    if (source_sound(source) >= 0)
        read_sound(source, facts);
    read_tags(source, facts);
}
