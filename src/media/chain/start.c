/* SPDX-License-Identifier: GPL-3.0-or-later
 * The start of pictures: times from the programme's start, tags as the shape says, and frames that
 * are all alike. */
#include "media/frame.h"
#include "private.h"

#include <libavutil/mathematics.h>
#include <math.h>

/* Frames of one kind. */
struct sort {
    int width, height, format;
};

struct start_stage {
    struct stage stage;
    int64_t offset; /* ticks of the source */
    int64_t last;
    bool ended;
    struct sort first, now; /* width 0: no frame yet */
    struct chain *other;    /* from what comes now to what came first; NULL: it is that */
    GQueue ready;           /* AVFrame */
};

static struct sort sort_of(const AVFrame *frame)
{
    return (struct sort){frame->width, frame->height, frame->format};
}

static bool is_sort(struct sort a, struct sort b)
{
    return a.width == b.width && a.height == b.height && a.format == b.format;
}

static char *words_of(struct sort sort, struct sort beside)
{
    bool sized = sort.width != beside.width || sort.height != beside.height;
    const char *name = av_get_pix_fmt_name(sort.format);
    return sized ? g_strdup_printf("%dx%d", sort.width, sort.height)
                 : g_strdup(name ? name : "an unknown format");
}

/* What a decoder gives for full range has a name of its own. */
static void name_plainly(AVFrame *frame)
{
    static const int plain[][2] = {{AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P},
                                   {AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUV422P},
                                   {AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV444P},
                                   {AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUV440P},
                                   {AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUV411P}};
    for (unsigned i = 0; i < G_N_ELEMENTS(plain); i++)
        if (frame->format == plain[i][0])
            frame->format = plain[i][1];
}

/* All that comes out of the chain for other frames, with the end or without. */
static bool drain(struct start_stage *stage, bool end, struct failure *failure)
{
    enum chain_got got;
    if (end && !chain_push(stage->other, NULL, failure))
        return false;
    do {
        AVFrame *out = frame_new();
        got = chain_pull(stage->other, out, failure);
        if (got == CHAIN_FRAME)
            g_queue_push_tail(&stage->ready, out);
        else
            av_frame_free(&out);
    } while (got == CHAIN_FRAME);
    return got != CHAIN_FAILED;
}

static bool close_other(struct start_stage *stage, struct failure *failure)
{
    bool drained = !stage->other || drain(stage, true, failure);
    chain_destroy(g_steal_pointer(&stage->other));
    return drained;
}

static void set_tags(struct video_shape *shape, const AVFrame *frame)
{
    if (!shape->rgb && frame->colorspace != AVCOL_SPC_UNSPECIFIED)
        shape->matrix = av_color_space_name(frame->colorspace);
    if (frame->color_primaries != AVCOL_PRI_UNSPECIFIED)
        shape->primaries = av_color_primaries_name(frame->color_primaries);
    if (frame->color_trc != AVCOL_TRC_UNSPECIFIED)
        shape->transfer = av_color_transfer_name(frame->color_trc);
    if (frame->color_range != AVCOL_RANGE_UNSPECIFIED)
        shape->range = frame->color_range == AVCOL_RANGE_JPEG ? "pc" : "tv";
    if (frame->sample_aspect_ratio.num > 0)
        shape->sar = rational_make(frame->sample_aspect_ratio.num, frame->sample_aspect_ratio.den);
}

static bool open_other(struct start_stage *stage, const AVFrame *frame, struct failure *failure)
{
    const struct video_shape *first = &stage->stage.chain->origin->shape;
    struct video_shape to = *first, from = *first;
    shape_set_format(&from, frame->format);
    from.width = frame->width;
    from.height = frame->height;
    from.interlaced = frame->interlaced_frame;
    from.top_field_first = frame->top_field_first;
    set_tags(&from, frame);
    to.fps = from.fps = (struct rational){0, 1};
    const struct chain_input input = {.time_base = stage->stage.time_base,
                                      .threads = stage->stage.chain->threads,
                                      .video = &from};
    stage->other = chain_create_video(&input, failure);
    return stage->other && chain_conform(stage->other, &to, failure);
}

static bool change(struct start_stage *stage, const AVFrame *frame, struct failure *failure)
{
    struct sort next = sort_of(frame);
    double at_s = (double)frame->pts * av_q2d(stage->stage.time_base);
    g_autofree char *before = words_of(stage->now, next), *after = words_of(next, stage->now);
    if (!stage->stage.chain->fits_changes)
        return fail(failure, FAIL_UNSUPPORTED,
                    "%.3f s: %s becomes %s: the picture changes in the middle; with `inputs: "
                    "{on_change: conform}` what follows is fitted to what came first, or split the "
                    "file there",
                    at_s, before, after);
    chain_note(stage->stage.chain, "%.3f s: %s becomes %s%s", at_s, before, after,
               is_sort(next, stage->first) ? ", as it was first" : ": fitted to what came first");
    if (!close_other(stage, failure))
        return false;
    stage->now = next;
    return is_sort(next, stage->first) || open_other(stage, frame, failure);
}

static bool place(struct start_stage *stage, AVFrame *frame, struct failure *failure)
{
    frame->pts = MAX(frame->pts - stage->offset, stage->last + 1);
    stage->last = frame->pts;
    name_plainly(frame);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (!stage->first.width)
        stage->first = stage->now = sort_of(frame);
    if (!is_sort(sort_of(frame), stage->now) && !change(stage, frame, failure))
        return false;
    if (stage->other)
        return chain_push(stage->other, frame, failure) && drain(stage, false, failure);
    g_queue_push_tail(&stage->ready, frame_copy(frame));
    return true;
}

static bool start_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct start_stage *stage = (struct start_stage *)base;
    if (!frame) {
        stage->ended = true;
        return close_other(stage, failure);
    }
    bool placed = place(stage, frame, failure);
    av_frame_free(&frame);
    return placed;
}

static enum chain_got start_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct start_stage *stage = (struct start_stage *)base;
    AVFrame *frame = g_queue_pop_head(&stage->ready);
    if (!frame)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return base->chain->origin->wanted && !origin_keep(out, failure) ? CHAIN_FAILED : CHAIN_FRAME;
}

static void start_destroy(struct stage *base)
{
    struct start_stage *stage = (struct start_stage *)base;
    for (AVFrame *frame; (frame = g_queue_pop_head(&stage->ready));)
        av_frame_free(&frame);
    chain_destroy(stage->other);
}

static const struct stage_class start_class = {"start", start_put, start_get, NULL, start_destroy};

bool chain_add_start(struct chain *chain, const struct chain_input *input, struct failure *failure)
{
    if (!chain->time_base.num || !chain->time_base.den)
        return fail(failure, FAIL_INTERNAL, "a stream without a time base");
    struct start_stage *stage = chain_add(chain, &start_class, sizeof(*stage), chain->time_base);
    stage->offset = llround(input->start_s / av_q2d(chain->time_base));
    stage->last = -1;
    g_queue_init(&stage->ready);
    return true;
}
