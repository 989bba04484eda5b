/* SPDX-License-Identifier: GPL-3.0-or-later
 * What streams are, in words. */
#include "stream_words.h"

#include "base/language.h"
#include "media/captions.h"
#include "media/readback.h"
#include "media/subtitle.h"
#include "model/holds.h"

char *stream_words(const struct source *source, int stream)
{
    const struct source_stream *of = source_stream(source, stream);
    static const char *const kinds[] = {
        [AVMEDIA_TYPE_VIDEO] = "video",
        [AVMEDIA_TYPE_AUDIO] = "audio",
        [AVMEDIA_TYPE_DATA] = "data",
        [AVMEDIA_TYPE_SUBTITLE] = "subtitle",
        [AVMEDIA_TYPE_ATTACHMENT] = "attachment",
    };
    const enum AVMediaType type = source_stream_type(of);
    bool listed = type >= 0 && (unsigned)type < G_N_ELEMENTS(kinds);
    enum AVCodecID codec = subtitle_codec(of->av->codecpar);
    const AVDictionaryEntry *language = av_dict_get(of->av->metadata, "language", NULL, 0);
    int number = 1;
    for (int i = 0; i < stream; i++)
        number += source_stream_type(source_stream(source, i)) == type;
    return stream_name(listed ? kinds[type] : "data", number, language ? language->value : NULL,
                       codec == AV_CODEC_ID_NONE ? "unknown" : avcodec_get_name(codec));
}

char *stream_value(const AVStream *stream)
{
    const AVCodecParameters *par = stream->codecpar;
    const enum AVCodecID id = subtitle_codec(par);
    const char *codec = id == AV_CODEC_ID_NONE ? "unknown" : avcodec_get_name(id);
    char layout[64] = "";
    if (par->codec_type == AVMEDIA_TYPE_VIDEO && par->width)
        return g_strdup_printf("%s, %dx%d", codec, par->width, par->height);
    if (par->codec_type != AVMEDIA_TYPE_AUDIO)
        return g_strdup(codec);
    av_channel_layout_describe(&par->ch_layout, layout, sizeof layout);
    return g_strdup_printf("%s, %d Hz, %s", codec, par->sample_rate, layout);
}

const char *stream_language(const struct source_stream *stream)
{
    const AVDictionaryEntry *entry = av_dict_get(stream->av->metadata, "language", NULL, 0);
    return entry ? language_full(entry->value) : NULL;
}

bool stream_is_timecode(const struct source_stream *stream)
{
    return stream->type == AVMEDIA_TYPE_DATA &&
           (stream->av->codecpar->codec_tag == MKTAG('t', 'm', 'c', 'd') ||
            av_dict_get(stream->av->metadata, "timecode", NULL, 0));
}

static bool is_chapters(const AVFormatContext *format, const struct source_stream *stream)
{
    return stream->type == AVMEDIA_TYPE_DATA && format->nb_chapters &&
           stream->av->codecpar->codec_tag == MKTAG('t', 'e', 'x', 't');
}

bool stream_is_chapters(const struct source *source, const struct source_stream *stream)
{
    return is_chapters(source_format(source), stream);
}

bool stream_of_file_is_remade(int fd, int stream)
{
    g_auto(readback_ptr) header = readback_open(fd);
    const AVFormatContext *format = header ? readback_format(header) : NULL;
    if (!format || (unsigned)stream >= format->nb_streams)
        return false;
    AVStream *av = format->streams[stream];
    const struct source_stream one = {.index = stream, .type = av->codecpar->codec_type, .av = av};
    return stream_is_timecode(&one) || is_chapters(format, &one);
}

enum keep stream_keep(const struct source *source, const struct source_stream *stream)
{
    if (stream_is_timecode(stream))
        return KEEP_TIMECODE;
    if (stream_is_chapters(source, stream))
        return KEEP_CHAPTERS;
    switch (source_stream_type(stream)) {
    case AVMEDIA_TYPE_SUBTITLE:
        return captions_is_track(stream->av->codecpar) ? KEEP_CAPTIONS : KEEP_SUBTITLES;
    case AVMEDIA_TYPE_ATTACHMENT:
        return KEEP_ATTACHMENTS;
    case AVMEDIA_TYPE_VIDEO:
    case AVMEDIA_TYPE_AUDIO:
        return KEEP_TRACKS;
    default:
        return KEEP_DATA;
    }
}

static const struct {
    enum AVPacketSideDataType type;
    enum keep keep;
    enum holds holds;
    const char *words;
} picture_data[] = {
    {AV_PKT_DATA_DISPLAYMATRIX, KEEP_TAGS, HOLDS_TURN, "how the picture is turned"},
    {AV_PKT_DATA_DOVI_CONF, KEEP_HDR, HOLDS_DOLBY, "Dolby Vision's configuration"},
    {AV_PKT_DATA_MASTERING_DISPLAY_METADATA, KEEP_HDR, HOLDS_DISPLAY, "HDR10 metadata"},
    {AV_PKT_DATA_CONTENT_LIGHT_LEVEL, KEEP_HDR, HOLDS_LIGHT, "HDR10 light levels"},
    {AV_PKT_DATA_STEREO3D, KEEP_TAGS, HOLDS_VIEW, "how the picture is stereoscopic"},
    {AV_PKT_DATA_SPHERICAL, KEEP_TAGS, HOLDS_VIEW, "how the picture is spherical"},
};

GPtrArray *stream_picture_rows(const AVStream *stream, const char *container)
{
    GPtrArray *rows = carried_new();
    g_autofree char *why = g_strdup_printf("a copied picture in %s has no place for it", container);
    for (unsigned i = 0; i < G_N_ELEMENTS(picture_data); i++) {
        if (!av_stream_get_side_data(stream, picture_data[i].type, NULL))
            continue;
        bool kept = container_holds(container) & picture_data[i].holds;
        const struct carried_row row = {.keep = picture_data[i].keep,
                                        .stream = -1,
                                        .what = (char *)picture_data[i].words,
                                        .fate = kept ? FATE_KEPT : FATE_DROPPED,
                                        .why = kept ? NULL : why};
        g_ptr_array_add(rows, carried_copy(&row));
    }
    return rows;
}

/* Of the picture as it is seen: mirrored, then turned clockwise. */
static struct source_crop upright(const struct source_stream *stream)
{
    const struct source_crop *stored = &stream->crop;
    struct source_crop crop = *stored;
    if (stream->flipped) {
        crop.left = stored->right;
        crop.right = stored->left;
    }
    for (int turned = 0; turned < stream->rotation; turned += 90)
        crop = (struct source_crop){
            .left = crop.bottom, .right = crop.top, .top = crop.left, .bottom = crop.right};
    return crop;
}

struct carried_row *stream_active_format_row(const struct source_stream *stream)
{
    if (!stream->active_format)
        return NULL;
    g_autofree char *before = g_strdup_printf("%u", stream->active_format);
    return carried_copy(&(struct carried_row){.keep = KEEP_TAGS,
                                              .stream = stream->index,
                                              .what = (char *)"active format description",
                                              .before = before,
                                              .fate = FATE_DROPPED,
                                              .why = (char *)"copied pictures alone keep it"});
}

struct carried_row *stream_crop_row(const struct source_stream *stream)
{
    const struct source_crop crop = upright(stream);
    const AVCodecParameters *par = stream->av->codecpar;
    const bool lies = stream->rotation % 180 != 0;
    const int whole_width = lies ? par->height : par->width;
    const int whole_height = lies ? par->width : par->height;
    const int width = whole_width - crop.left - crop.right;
    const int height = whole_height - crop.top - crop.bottom;
    if (width == whole_width && height == whole_height)
        return NULL;
    g_autofree char *before =
        g_strdup_printf("%dx%d at %d, %d", width, height, crop.left, crop.top);
    g_autofree char *why =
        g_strdup_printf("what the container says to leave out is there; before all steps, `crop: "
                        "{x: %d, y: %d, width: %d, height: %d}` takes it off",
                        crop.left, crop.top, width, height);
    return carried_copy(&(struct carried_row){.keep = KEEP_TAGS,
                                              .stream = stream->index,
                                              .what = (char *)"how the picture is cropped",
                                              .before = before,
                                              .fate = FATE_DROPPED,
                                              .why = why});
}
