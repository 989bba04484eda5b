/* SPDX-License-Identifier: GPL-3.0-or-later
 * What flows out of a stream, told before the first frame. */
#include "source.h"

#include "color/space.h"

#include <libavutil/pixdesc.h>
#include <math.h>

static const char *or_assumed(const char *name, const char *instead, bool *assumed)
{
    if (space_tag_says(name))
        return name;
    *assumed = true;
    return instead;
}

static const char *range_of(const AVCodecParameters *par, bool rgb)
{
    if (par->color_range == AVCOL_RANGE_JPEG || rgb)
        return "pc";
    return par->color_range == AVCOL_RANGE_MPEG ? "tv" : NULL;
}

static bool is_full_format(enum AVPixelFormat format)
{
    const char *name = av_get_pix_fmt_name(format);
    return name && g_str_has_prefix(name, "yuvj");
}

static void shape_colour(const AVCodecParameters *par, struct video_shape *shape, bool *assumed)
{
    const char *primaries = av_color_primaries_name(par->color_primaries);
    const char *transfer = av_color_transfer_name(par->color_trc);
    const char *matrix = av_color_space_name(par->color_space);
    const struct space *like =
        space_assumed(primaries, transfer, matrix, shape->width, shape->height);
    const char *range = is_full_format(par->format) ? "pc" : range_of(par, shape->rgb);
    shape->range = or_assumed(range, "tv", assumed);
    shape->primaries = or_assumed(primaries, like->primaries_tag, assumed);
    shape->transfer = or_assumed(transfer, like->transfer_tag, assumed);
    if (par->chroma_location != AVCHROMA_LOC_UNSPECIFIED)
        shape->siting = av_chroma_location_name(par->chroma_location);
    shape->matrix = shape->rgb ? "gbr" : or_assumed(matrix, like->matrix_tag, assumed);
}

static bool is_interlaced(enum AVFieldOrder order)
{
    return order != AV_FIELD_UNKNOWN && order != AV_FIELD_PROGRESSIVE;
}

static double length_of(const struct source *source, const struct source_stream *facts)
{
    const double length_s = source_stream_length(facts);
    return isnan(length_s) ? source_duration(source) : length_s;
}

void source_video_shape(const struct source *source, int stream, struct video_shape *shape,
                        bool *assumed)
{
    const struct track *track = &source->tracks[stream];
    const AVCodecParameters *par = track->facts.av->codecpar;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(par->format);
    AVRational sar =
        av_guess_sample_aspect_ratio(source->format, source->format->streams[stream], NULL);
    *shape = (struct video_shape){
        .width = par->width,
        .height = par->height,
        .sar = sar.num > 0 ? rational_make(sar.num, sar.den) : (struct rational){0, 1},
        .fps = track->facts.variable ? (struct rational){0, 1} : track->facts.fps,
        .duration_s = length_of(source, &track->facts),
        .interlaced = is_interlaced(par->field_order),
        .top_field_first = par->field_order == AV_FIELD_TT || par->field_order == AV_FIELD_TB,
    };
    if (desc) {
        shape->depth = desc->comp[0].depth;
        shape->alpha = desc->flags & AV_PIX_FMT_FLAG_ALPHA;
        shape->rgb = desc->flags & AV_PIX_FMT_FLAG_RGB;
        shape->chroma_w = desc->log2_chroma_w;
        shape->chroma_h = desc->log2_chroma_h;
        shape->pix_fmt = desc->name;
    }
    bool guessed = false;
    shape_colour(par, shape, &guessed);
    if (assumed)
        *assumed = guessed;
}

void source_sound_shape(const struct source *source, int stream, struct sound_shape *shape)
{
    const struct track *track = &source->tracks[stream];
    const AVCodecParameters *par = track->facts.av->codecpar;
    AVChannelLayout layout = {0};
    char text[128] = "";
    if (par->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&layout, par->ch_layout.nb_channels);
    else if (av_channel_layout_copy(&layout, &par->ch_layout) < 0)
        layout = (AVChannelLayout){0};
    av_channel_layout_describe(&layout, text, sizeof text);
    av_channel_layout_uninit(&layout);
    *shape = (struct sound_shape){
        .rate = par->sample_rate,
        .channels = par->ch_layout.nb_channels,
        .layout = g_intern_string(text),
        .assumed = par->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC,
        .duration_s = length_of(source, &track->facts),
    };
}
