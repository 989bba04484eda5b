/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another constant rate, whose frames are mixed of their neighbours in time. */
#include "media/chain_picture.h"

#include "media/frame.h"
#include "picture.h"

#include <math.h>

/* A share of 32768 parts leaves room in 32 bits for samples of 16. */
enum { SHARE_BITS = 15, SHARE_ONE = 1 << SHARE_BITS };

static const double ROUNDING_S = 0.001; /* of times in containers */

struct blend_stage {
    struct stage stage;
    double rounding; /* ticks, as all times here are: what containers round */
    double step;     /* of one frame that goes */
    double beat;     /* of one that comes, at a constant rate; 0 */
    double slack;    /* nearer to a frame is that frame */
    AVFrame *from, *to;
    double from_at, to_at;
    int64_t next, mixed;
    double last_step;
    int64_t until; /* after the end: how many frames go in all */
    bool ended;
    struct slices *slices;
    int threads;
};

struct mixing {
    struct plane from, to, out;
    int bytes;
    unsigned share; /* of `to` */
};

static inline unsigned mixed(unsigned from, unsigned to, unsigned share)
{
    return (from * (SHARE_ONE - share) + to * share + SHARE_ONE / 2) >> SHARE_BITS;
}

static void mix_rows(void *data, int top, int bottom)
{
    const struct mixing *mixing = data;
    for (int y = top; y < bottom; y++) {
        const uint8_t *from = mixing->from.data + (ptrdiff_t)y * mixing->from.stride,
                      *to = mixing->to.data + (ptrdiff_t)y * mixing->to.stride;
        uint8_t *out = mixing->out.data + (ptrdiff_t)y * mixing->out.stride;
        if (mixing->bytes == 1)
            for (int x = 0; x < mixing->out.width; x++)
                out[x] = (uint8_t)mixed(from[x], to[x], mixing->share);
        else
            for (int x = 0; x < mixing->out.width; x++)
                ((uint16_t *)out)[x] = (uint16_t)mixed(((const uint16_t *)from)[x],
                                                       ((const uint16_t *)to)[x], mixing->share);
    }
}

static bool mix(struct blend_stage *stage, AVFrame *out, unsigned share, struct failure *failure)
{
    const AVFrame *from = stage->from;
    AVFrame *made = frame_like(from, from->width, from->height, failure);
    if (!made)
        return false;
    if (!stage->slices)
        stage->slices = slices_create(stage->threads);
    for (int i = 0; i < frame_colors(made); i++) {
        struct mixing mixing = {frame_plane(from, i), frame_plane(stage->to, i),
                                frame_plane(made, i), 1, share};
        mixing.bytes = av_pix_fmt_desc_get(made->format)->comp[0].depth > 8 ? 2 : 1;
        slices_run(stage->slices, mixing.out.height, mix_rows, &mixing);
    }
    av_frame_move_ref(out, made);
    av_frame_free(&made);
    stage->mixed++;
    return true;
}

/* A time that is but rounded is where the constant rate has it. A rate may only be said to be
 * constant, and other times are what they are. */
static double exact(const struct blend_stage *stage, double at)
{
    const double nearest = stage->beat > 0 ? round(at / stage->beat) * stage->beat : at;
    return fabs(at - nearest) <= stage->rounding ? nearest : at;
}

static void end(struct blend_stage *stage)
{
    const double rounding = 1e-6;
    const double lasts =
        stage->from->pkt_duration > 0 ? (double)stage->from->pkt_duration : stage->last_step;
    stage->until = llround(exact(stage, stage->from_at + lasts) / stage->step + rounding);
    stage->until = MAX(stage->until, stage->next + !stage->next); /* of one frame it is one */
}

static bool blend_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct blend_stage *stage = (struct blend_stage *)base;
    if (frame) {
        const double at = exact(stage, (double)frame->pts);
        stage->last_step = stage->from ? at - stage->from_at : 0;
        *(stage->from ? &stage->to_at : &stage->from_at) = at;
        *(stage->from ? &stage->to : &stage->from) = frame;
    } else if (!stage->ended) {
        stage->ended = true;
        if (stage->from)
            end(stage);
    }
    return true;
}

static bool give(struct blend_stage *stage, AVFrame *out, double at, struct failure *failure)
{
    const double to = stage->to ? stage->to_at : INFINITY;
    const long share = lround((at - stage->from_at) / (to - stage->from_at) * SHARE_ONE);
    bool fine = at <= stage->from_at + stage->slack || share <= 0
                    ? av_frame_ref(out, stage->from) >= 0 ||
                          fail(failure, FAIL_MEMORY, "no memory for a frame")
                    : mix(stage, out, (unsigned)MIN(share, SHARE_ONE), failure);
    out->pts = stage->next++;
    out->pkt_duration = 1;
    return fine;
}

static enum chain_got blend_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct blend_stage *stage = (struct blend_stage *)base;
    const double at = (double)stage->next * stage->step;
    if (stage->to && at >= stage->to_at - stage->slack) {
        av_frame_free(&stage->from);
        stage->from_at = stage->to_at;
        stage->from = g_steal_pointer(&stage->to);
        return CHAIN_MORE;
    }
    if (stage->to || (stage->ended && stage->next < stage->until))
        return give(stage, out, at, failure) ? CHAIN_FRAME : CHAIN_FAILED;
    return stage->ended ? CHAIN_END : CHAIN_MORE;
}

static void blend_destroy(struct stage *base)
{
    struct blend_stage *stage = (struct blend_stage *)base;
    av_frame_free(&stage->from);
    av_frame_free(&stage->to);
    slices_destroy(stage->slices);
}

static const struct stage_class blend_class = {"blend", blend_put, blend_get, NULL, blend_destroy};

static void blend_end(const void *state, struct chain *chain)
{
    const struct blend_stage *stage = state;
    chain_note(chain, "%" PRId64 " of %" PRId64 " frames mixed of two", stage->mixed, stage->next);
}

bool chain_blend_rate(struct chain *chain, struct failure *failure, struct rational fps)
{
    const struct rational before = chain->video.fps;
    if (chain->video.alpha)
        return fail(failure, FAIL_CONFIG,
                    "fps mixes no pictures with transparency, and what flows here is %s: take "
                    "`mode: nearest`",
                    chain->video.pix_fmt);
    if (!rate_fits(fps, failure) || !chain_plain(chain, failure))
        return false;
    const double tick_s = av_q2d(chain->time_base);
    struct blend_stage *stage =
        chain_add(chain, &blend_class, sizeof(*stage), (AVRational){(int)fps.den, (int)fps.num});
    stage->rounding = ROUNDING_S / tick_s;
    stage->step = 1 / rational_value(fps) / tick_s;
    stage->beat = before.num ? 1 / rational_value(before) / tick_s : 0;
    stage->slack = before.num ? 1e-6 : stage->rounding;
    stage->threads = chain->threads;
    chain->stepped = chain->filtered = true;
    chain_rate_timecode(chain, before, fps);
    chain->video.fps = fps;
    chain_at_end(chain, blend_end, stage);
    return true;
}
