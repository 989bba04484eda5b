/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of a programme, and pictures drawn of them. */
#include "media/chain_picture.h"

#include "media/frame.h"
#include "moments.h"

#include <math.h>

/* --- the moments alone --- */

struct sift_stage {
    struct stage stage;
    GQueue found;
    AVFrame *held;
    int64_t *at;
    int count, next;
    bool ended;
};

static void find(struct sift_stage *sift)
{
    AVFrame *frame = frame_copy(sift->held);
    frame->reordered_opaque = frame->pts;
    frame->pts = sift->next++;
    g_queue_push_tail(&sift->found, frame);
}

static bool sift_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    while (sift->held && sift->next < sift->count && (!frame || frame->pts > sift->at[sift->next]))
        find(sift);
    av_frame_free(&sift->held);
    sift->held = frame;
    sift->ended = !frame || sift->next == sift->count;
    return true;
}

static enum chain_got sift_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    AVFrame *frame = g_queue_pop_head(&sift->found);
    if (!frame)
        return sift->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

static bool sift_done(const struct stage *base)
{
    return ((const struct sift_stage *)base)->ended;
}

static void sift_destroy(struct stage *base)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    for (AVFrame *frame; (frame = g_queue_pop_head(&sift->found));)
        av_frame_free(&frame);
    av_frame_free(&sift->held);
    g_free(sift->at);
}

static const struct stage_class sift_class = {"sift", sift_put, sift_get, sift_done, sift_destroy};

void sift_moments(struct chain *chain, const double *at_s, int count)
{
    const double rounding_s = 0.001;
    struct sift_stage *stage = chain_add(chain, &sift_class, sizeof(*stage), chain->time_base);
    stage->at = g_new(int64_t, count);
    stage->count = count;
    for (int i = 0; i < count; i++)
        stage->at[i] = (int64_t)floor((at_s[i] + rounding_s) / av_q2d(chain->time_base));
    if (!chain->retimed) {
        if (!chain->filtered)
            chain->from_s = chain->offset_s + MAX(at_s[0] - 2, 0);
        chain->to_s = chain->offset_s + at_s[count - 1];
    }
}

struct rgb_rows float_rows(const AVFrame *frame, bool fields)
{
    return (struct rgb_rows){
        .g = (float *)frame->data[0],
        .b = (float *)frame->data[1],
        .r = (float *)frame->data[2],
        .stride = frame->linesize[0] / sizeof(float) * (fields ? 2 : 1),
        .width = frame->width,
        .height = fields ? MAX(frame->height / 2, 1) : frame->height,
    };
}

bool lay_moments(struct chain *chain, struct failure *failure, struct rgba ground)
{
    if (!chain->video.alpha)
        return true;
    chain->laid = true;
    chain_note(chain, "transparency laid on #%02x%02x%02x", ground.r, ground.g, ground.b);
    return chain_flatten(chain, failure, ground);
}

/* --- drawn --- */

void chain_drawn(struct chain *chain, int width, int height)
{
    struct video_shape *shape = &chain->video;
    chain->stepped = chain->still = true;
    shape_set_format(shape, AV_PIX_FMT_RGB24);
    shape->width = width;
    shape->height = height;
    shape->sar = (struct rational){1, 1};
    shape->interlaced = false;
    shape->range = "pc";
    shape->matrix = "gbr";
    shape->primaries = "bt709";
    shape->transfer = "iec61966-2-1";
}

static bool draw(struct drawn_stage *stage, struct failure *failure)
{
    const struct video_shape *shape = &stage->stage.chain->video;
    if (!slot_canvas(&stage->slot, shape->width, shape->height, failure))
        return false;
    const AVFrame *out = stage->slot.frame;
    return stage->draw(stage->state, out->data[0], (size_t)out->linesize[0], failure);
}

bool drawn_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct drawn_stage *stage = (struct drawn_stage *)base;
    if (!frame) {
        stage->slot.ended = true;
        return !stage->any || draw(stage, failure);
    }
    const bool taken = stage->take(stage, frame, failure);
    stage->any = true;
    av_frame_free(&frame);
    return taken;
}

enum chain_got drawn_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct drawn_stage *)base)->slot, out);
}

void drawn_destroy(struct stage *base)
{
    struct drawn_stage *stage = (struct drawn_stage *)base;
    av_frame_free(&stage->slot.frame);
    stage->free(stage->state);
}

/* --- of each moment by itself --- */

struct moments_stage {
    struct drawn_stage drawn;
    bool (*take)(void *state, const struct moment *moment, struct failure *failure);
    AVRational time_base; /* of the frames as they were found */
    bool fields;
};

static bool take(struct drawn_stage *base, const AVFrame *frame, struct failure *failure)
{
    const struct moments_stage *stage = (const struct moments_stage *)base;
    const struct rgb_rows rows = float_rows(frame, stage->fields);
    const struct moment moment = {
        (int)frame->pts, (double)frame->reordered_opaque * av_q2d(stage->time_base), &rows};
    return stage->take(base->state, &moment, failure);
}

static const struct stage_class moments_class = {"moments", drawn_put, drawn_get, NULL,
                                                 drawn_destroy};

bool chain_moments(struct chain *chain, struct failure *failure, const double *at_s, int count,
                   const struct moments_maker *maker)
{
    const AVRational time_base = chain->time_base;
    const bool fields = chain->video.interlaced;
    sift_moments(chain, at_s, count);
    if (!lay_moments(chain, failure, maker->ground) || !chain_format(chain, failure, "gbrpf32le")) {
        maker->free(maker->state);
        return false;
    }
    struct moments_stage *stage =
        chain_add(chain, &moments_class, sizeof(*stage), chain->time_base);
    stage->drawn.take = take;
    stage->drawn.draw = maker->draw;
    stage->drawn.free = maker->free;
    stage->drawn.state = maker->state;
    stage->take = maker->take;
    stage->time_base = time_base;
    stage->fields = fields;
    chain_drawn(chain, maker->width, maker->height);
    return true;
}
