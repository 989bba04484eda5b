/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures of 256 colours, each with a palette of its own (median cut), so that none waits for
 * those to come and what is kept is bounded; by libavfilter's palettegen and paletteuse, in a net
 * of filters in which the picture goes two ways. */
#include "private.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

struct palette_stage {
    struct stage stage;
    AVFilterGraph *graph;
    AVFilterContext *source, *sink;
    bool fed, alpha;
};

static bool has_half_solid(const AVFrame *frame)
{
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *line = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        for (int x = 0; x < frame->width; x++)
            if (line[4 * x + 3] % 255)
                return true;
    }
    return false;
}

static bool palette_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct palette_stage *stage = (struct palette_stage *)base;
    stage->fed = true;
    if (stage->alpha && frame && !base->chain->half_solid)
        base->chain->half_solid = has_half_solid(frame);
    int error = av_buffersrc_add_frame_flags(stage->source, frame, 0);
    av_frame_free(&frame);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "a net of filters failed");
}

static enum chain_got palette_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct palette_stage *stage = (struct palette_stage *)base;
    int error = stage->fed ? av_buffersink_get_frame(stage->sink, out) : AVERROR(EAGAIN);
    if (error >= 0)
        return CHAIN_FRAME;
    if (error == AVERROR(EAGAIN))
        return CHAIN_MORE;
    if (error == AVERROR_EOF)
        return CHAIN_END;
    fail_av(failure, FAIL_INTERNAL, error, "a net of filters failed");
    return CHAIN_FAILED;
}

static void palette_destroy(struct stage *base)
{
    avfilter_graph_free(&((struct palette_stage *)base)->graph);
}

static const struct stage_class palette_class = {"palette", palette_put, palette_get, NULL,
                                                 palette_destroy};

static bool build(struct palette_stage *stage, const char *text, struct failure *failure)
{
    AVFilterInOut *in = NULL, *out = NULL;
    stage->graph = avfilter_graph_alloc();
    if (!stage->graph)
        return fail(failure, FAIL_MEMORY, "no memory for a filter graph");
    avfilter_graph_set_auto_convert(stage->graph, AVFILTER_AUTO_CONVERT_NONE);
    int error = avfilter_graph_parse2(stage->graph, text, &in, &out);
    avfilter_inout_free(&in);
    avfilter_inout_free(&out);
    if (error >= 0)
        error = avfilter_graph_config(stage->graph, NULL);
    stage->source = avfilter_graph_get_filter(stage->graph, "buffer@in");
    stage->sink = avfilter_graph_get_filter(stage->graph, "buffersink@out");
    return (error >= 0 && stage->source && stage->sink) ||
           fail_av(failure, FAIL_INTERNAL, error, "a net of filters failed");
}

/* What comes out has the size that comes in. */
static bool add_net(struct chain *chain, const char *net, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    bool square = shape->sar.num <= 0, variable = shape->fps.num <= 0;
    g_autofree char *text = g_strdup_printf(
        "buffer@in=video_size=%dx%d:pix_fmt=%s:time_base=%d/%d:pixel_aspect=%d/%d:frame_rate=%d/%d,"
        "%s,buffersink@out",
        shape->width, shape->height, shape->pix_fmt, chain->time_base.num, chain->time_base.den,
        square ? 1 : (int)shape->sar.num, square ? 1 : (int)shape->sar.den,
        variable ? 0 : (int)shape->fps.num, variable ? 1 : (int)shape->fps.den, net);
    struct palette_stage *stage = chain_add(chain, &palette_class, sizeof *stage, chain->time_base);
    stage->alpha = shape->alpha;
    if (!build(stage, text, failure))
        return false;
    stage->stage.time_base = chain->time_base = av_buffersink_get_time_base(stage->sink);
    shape_set_format(&chain->video, av_buffersink_get_format(stage->sink));
    return true;
}

/* A palette for each picture (median cut), so that none waits for those to come; error diffusion.
 */
bool chain_palette(struct chain *chain, struct failure *failure)
{
    g_autofree char *net =
        g_strdup_printf("split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=%d[p];"
                        "[b][p]paletteuse=new=1",
                        chain->video.alpha);
    return add_net(chain, net, failure);
}
