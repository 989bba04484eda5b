/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that are graphs of libavfilter: consecutive filters in one graph, rebuilt whenever one is
 * added, so that the shape after it is what was negotiated. No conversion is ever inserted. */
#include "private.h"

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>

struct filter_row {
    char *name;
    GPtrArray *options; /* key, value … */
};

struct graph_stage {
    struct stage stage;
    AVBufferSrcParameters *in;
    GPtrArray *filters; /* struct filter_row */
    AVFilterGraph *graph;
    AVFilterContext *source, *sink, *last;
    AVRational lasts; /* ticks that a picture lasts, out of one that comes */
    bool fed;
};

static void filter_row_free(gpointer data)
{
    struct filter_row *row = data;
    g_free(row->name);
    g_ptr_array_unref(row->options);
    g_free(row);
}

static bool set_options(AVFilterContext *filter, const GPtrArray *options, struct failure *failure)
{
    for (guint i = 0; i + 1 < options->len; i += 2) {
        const char *key = options->pdata[i], *value = options->pdata[i + 1];
        int error = av_opt_set(filter, key, value, AV_OPT_SEARCH_CHILDREN);
        if (error < 0)
            return fail_av(failure, FAIL_CONFIG, error, "filter %s: option %s=%s",
                           filter->filter->name, key, value);
    }
    return true;
}

static AVFilterContext *add_filter(struct graph_stage *stage, const char *name,
                                   const GPtrArray *options, struct failure *failure)
{
    const AVFilter *filter = avfilter_get_by_name(name);
    if (!filter) {
        fail(failure, FAIL_UNSUPPORTED, "this build of libavfilter has no filter %s", name);
        return NULL;
    }
    AVFilterContext *context = avfilter_graph_alloc_filter(stage->graph, filter, NULL);
    if (!context) {
        fail(failure, FAIL_MEMORY, "no memory for filter %s", name);
        return NULL;
    }
    if (options && !set_options(context, options, failure))
        return NULL;
    int error = avfilter_init_str(context, NULL);
    if (error < 0) {
        fail_av(failure, FAIL_CONFIG, error, "filter %s can't be set up", name);
        return NULL;
    }
    return context;
}

static AVFilterContext *add_source(struct graph_stage *stage, const AVBufferSrcParameters *in,
                                   struct failure *failure)
{
    bool video = stage->stage.chain->type == AVMEDIA_TYPE_VIDEO;
    AVFilterContext *context = avfilter_graph_alloc_filter(
        stage->graph, avfilter_get_by_name(video ? "buffer" : "abuffer"), NULL);
    if (!context) {
        fail(failure, FAIL_MEMORY, "no memory for a filter graph");
        return NULL;
    }
    int error = av_buffersrc_parameters_set(context, (AVBufferSrcParameters *)in);
    if (error >= 0)
        error = avfilter_init_str(context, NULL);
    if (error < 0) {
        fail_av(failure, FAIL_INTERNAL, error, "a filter graph's input");
        return NULL;
    }
    return context;
}

static bool join(AVFilterContext *from, AVFilterContext *to, struct failure *failure)
{
    int error = avfilter_link(from, 0, to, 0);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "filters %s and %s don't link",
                                 from->filter->name, to->filter->name);
}

/* Filters of libavfilter 8 leave the length of a picture as it was, in whatever ticks they count
 * and however many pictures they make. */
static AVRational picture_lasts(const struct graph_stage *stage)
{
    const AVRational before = stage->in->frame_rate;
    const AVRational after = av_buffersink_get_frame_rate(stage->sink);
    const AVRational ticks = av_div_q(stage->in->time_base, stage->stage.time_base);
    return before.num > 0 && after.num > 0 ? av_mul_q(ticks, av_div_q(before, after)) : ticks;
}

/* `last` becomes the last filter that was asked for, before the sink. */
static bool build(struct graph_stage *stage, struct failure *failure)
{
    struct chain *chain = stage->stage.chain;
    avfilter_graph_free(&stage->graph);
    stage->graph = avfilter_graph_alloc();
    if (!stage->graph)
        return fail(failure, FAIL_MEMORY, "no memory for a filter graph");
    stage->graph->nb_threads = chain->threads;
    avfilter_graph_set_auto_convert(stage->graph, AVFILTER_AUTO_CONVERT_NONE);
    stage->source = add_source(stage, stage->in, failure);
    if (!stage->source)
        return false;
    stage->last = stage->source;
    for (guint i = 0; i < stage->filters->len; i++) {
        const struct filter_row *row = stage->filters->pdata[i];
        AVFilterContext *next = add_filter(stage, row->name, row->options, failure);
        if (!next || !join(stage->last, next, failure))
            return false;
        stage->last = next;
    }
    bool video = chain->type == AVMEDIA_TYPE_VIDEO;
    stage->sink = add_filter(stage, video ? "buffersink" : "abuffersink", NULL, failure);
    if (!stage->sink || !join(stage->last, stage->sink, failure))
        return false;
    int error = avfilter_graph_config(stage->graph, NULL);
    if (error < 0) {
        const struct filter_row *row = stage->filters->pdata[stage->filters->len - 1];
        return fail_av(failure, FAIL_CONFIG, error, "filter %s can't take what flows there (%s)",
                       row->name, video ? chain->video.pix_fmt : chain->sound.layout);
    }
    stage->stage.time_base = av_buffersink_get_time_base(stage->sink);
    stage->lasts = video ? picture_lasts(stage) : (AVRational){1, 1};
    return true;
}

/* The first frame is not as the container said: the graph is made for what it is. */
static bool adapt(struct graph_stage *stage, const AVFrame *frame, struct failure *failure)
{
    bool video = stage->stage.chain->type == AVMEDIA_TYPE_VIDEO;
    AVBufferSrcParameters *in = stage->in;
    AVChannelLayout *layout = &in->ch_layout;
    bool same = in->format == frame->format &&
                (video ? in->width == frame->width && in->height == frame->height
                       : in->sample_rate == frame->sample_rate &&
                             !av_channel_layout_compare(layout, &frame->ch_layout));
    if (same)
        return true;
    double at = frame->pts * av_q2d(in->time_base);
    if (stage->fed)
        return fail(failure, FAIL_UNSUPPORTED,
                    video ? PICTURE_CHANGES
                          : "the sound changes its rate, format or channels in the middle, at "
                            "%.3f s",
                    at);
    AVFilterLink *out = stage->sink->inputs[0];
    int format = out->format, width = out->w, height = out->h, rate = out->sample_rate;
    in->format = frame->format;
    if (video) {
        in->width = frame->width;
        in->height = frame->height;
    } else {
        in->sample_rate = frame->sample_rate;
        av_channel_layout_copy(layout, &frame->ch_layout);
    }
    if (!build(stage, failure))
        return false;
    out = stage->sink->inputs[0];
    if (format != out->format || width != out->w || height != out->h || rate != out->sample_rate)
        return fail(failure, FAIL_INPUT_DAMAGED, FRAME_IS_ANOTHER);
    return true;
}

static bool graph_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct graph_stage *stage = (struct graph_stage *)base;
    if (frame && !adapt(stage, frame, failure)) {
        av_frame_free(&frame);
        return false;
    }
    stage->fed = true;
    int error = av_buffersrc_add_frame_flags(stage->source, frame, 0);
    av_frame_free(&frame);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "a filter failed");
}

static enum chain_got graph_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct graph_stage *stage = (struct graph_stage *)base;
    if (!stage->fed)
        return CHAIN_MORE;
    int error = av_buffersink_get_frame(stage->sink, out);
    if (error == AVERROR(EAGAIN))
        return CHAIN_MORE;
    if (error == AVERROR_EOF)
        return CHAIN_END;
    if (error >= 0) {
        out->time_base = stage->stage.time_base;
        out->pkt_duration = av_rescale(out->pkt_duration, stage->lasts.num, stage->lasts.den);
        return CHAIN_FRAME;
    }
    fail_av(failure, FAIL_INTERNAL, error, "a filter failed");
    return CHAIN_FAILED;
}

static void graph_destroy(struct stage *base)
{
    struct graph_stage *stage = (struct graph_stage *)base;
    avfilter_graph_free(&stage->graph);
    g_ptr_array_unref(stage->filters);
    av_channel_layout_uninit(&stage->in->ch_layout);
    av_free(stage->in);
}

static const struct stage_class graph_class = {"filters", graph_put, graph_get, NULL,
                                               graph_destroy};

static bool describe_input(const struct chain *chain, AVBufferSrcParameters *in,
                           struct failure *failure)
{
    in->time_base = chain->time_base;
    if (chain->type == AVMEDIA_TYPE_VIDEO) {
        const struct video_shape *shape = &chain->video;
        in->format = av_get_pix_fmt(shape->pix_fmt);
        in->width = shape->width;
        in->height = shape->height;
        in->sample_aspect_ratio = av_make_q(shape->sar.num, shape->sar.den);
        in->frame_rate = av_make_q(shape->fps.num, shape->fps.den);
        return true;
    }
    in->format = chain->sample_format;
    in->sample_rate = chain->sound.rate;
    return av_channel_layout_from_string(&in->ch_layout, chain->sound.layout) >= 0 ||
           fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
}

static struct graph_stage *current_graph(struct chain *chain, struct failure *failure)
{
    guint count = chain->stages->len;
    struct stage *last = count ? chain->stages->pdata[count - 1] : NULL;
    if (last && last->class == &graph_class)
        return (struct graph_stage *)last;
    AVBufferSrcParameters *in = av_buffersrc_parameters_alloc();
    if (!in || !describe_input(chain, in, failure)) {
        av_free(in);
        return NULL;
    }
    struct graph_stage *stage = chain_add(chain, &graph_class, sizeof(*stage), chain->time_base);
    stage->in = in;
    stage->filters = g_ptr_array_new_with_free_func(filter_row_free);
    return stage;
}

static void sound_after(struct chain *chain, const AVFilterContext *sink)
{
    AVChannelLayout layout = {0};
    char text[64] = "";
    av_buffersink_get_ch_layout(sink, &layout);
    av_channel_layout_describe(&layout, text, sizeof(text));
    chain->sound.layout = g_intern_string(text);
    chain->sound.channels = layout.nb_channels;
    av_channel_layout_uninit(&layout);
    chain->sound.rate = av_buffersink_get_sample_rate(sink);
    chain->sample_format = av_buffersink_get_format(sink);
}

static void picture_after(struct chain *chain, const AVFilterContext *sink)
{
    struct video_shape *shape = &chain->video;
    shape->width = av_buffersink_get_w(sink);
    shape->height = av_buffersink_get_h(sink);
    AVRational sar = av_buffersink_get_sample_aspect_ratio(sink);
    AVRational fps = av_buffersink_get_frame_rate(sink);
    shape->sar = rational_make(sar.num, sar.den);
    struct rational before = shape->fps;
    shape->fps = fps.num > 0 && fps.den > 0 && shape->fps.num ? rational_make(fps.num, fps.den)
                                                              : (struct rational){0, 1};
    if (before.num && shape->fps.num)
        chain_rate_timecode(chain, before, shape->fps);
    shape_set_format(shape, av_buffersink_get_format(sink));
}

/* Takes the row. */
static bool append(struct chain *chain, struct filter_row *row, struct failure *failure)
{
    struct graph_stage *stage = current_graph(chain, failure);
    if (!stage) {
        filter_row_free(row);
        return false;
    }
    g_ptr_array_add(stage->filters, row);
    if (!build(stage, failure))
        return false;
    chain->time_base = stage->stage.time_base;
    if (chain->type == AVMEDIA_TYPE_VIDEO) {
        picture_after(chain, stage->sink);
        shape_after_graph(chain, stage->last);
    } else {
        sound_after(chain, stage->sink);
    }
    return true;
}

bool graph_add(struct chain *chain, struct failure *failure, const char *filter, GPtrArray *options)
{
    struct filter_row *row = g_new0(struct filter_row, 1);
    row->name = g_strdup(filter);
    row->options = g_ptr_array_ref(options);
    return append(chain, row, failure);
}

bool graph_addf(struct chain *chain, struct failure *failure, const char *filter, ...)
{
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func(g_free);
    va_list args;
    va_start(args, filter);
    for (const char *text = va_arg(args, const char *); text; text = va_arg(args, const char *))
        g_ptr_array_add(options, g_strdup(text));
    va_end(args);
    return graph_add(chain, failure, filter, options);
}
