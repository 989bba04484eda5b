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
    struct plane from_alpha, to_alpha; /* without data: both count alike */
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

/* Colours weigh as much as they are seen. */
static unsigned seen_share(const struct mixing *mixing, int x, int y)
{
    const uint64_t from = plane_solidity(&mixing->from, &mixing->from_alpha, mixing->bytes, x, y),
                   to = plane_solidity(&mixing->to, &mixing->to_alpha, mixing->bytes, x, y);
    const uint64_t of_to = to * mixing->share, sum = from * (SHARE_ONE - mixing->share) + of_to;
    return sum ? (unsigned)((of_to * SHARE_ONE + sum / 2) / sum) : mixing->share;
}

static void mix_seen_rows(void *data, int top, int bottom)
{
    const struct mixing *mixing = data;
    for (int y = top; y < bottom; y++) {
        const uint8_t *from = mixing->from.data + (ptrdiff_t)y * mixing->from.stride,
                      *to = mixing->to.data + (ptrdiff_t)y * mixing->to.stride;
        uint8_t *out = mixing->out.data + (ptrdiff_t)y * mixing->out.stride;
        for (int x = 0; x < mixing->out.width; x++)
            put_sample(out, mixing->bytes, x,
                       mixed(sample_at(from, mixing->bytes, x), sample_at(to, mixing->bytes, x),
                             seen_share(mixing, x, y)));
    }
}

static struct mixing mixing_of(const struct blend_stage *stage, const AVFrame *made, int plane,
                               unsigned share)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(made->format);
    struct mixing mixing = {.from = frame_plane(stage->from, plane),
                            .to = frame_plane(stage->to, plane),
                            .out = frame_plane(made, plane),
                            .bytes = format->comp[0].depth > 8 ? 2 : 1,
                            .share = share};
    if (plane < 3 && format->flags & AV_PIX_FMT_FLAG_ALPHA) {
        mixing.from_alpha = frame_plane(stage->from, 3);
        mixing.to_alpha = frame_plane(stage->to, 3);
    }
    return mixing;
}

static bool mix(struct blend_stage *stage, AVFrame *out, unsigned share, struct failure *failure)
{
    const AVFrame *from = stage->from;
    AVFrame *made = frame_like(from, from->width, from->height, failure);
    if (!made)
        return false;
    if (!stage->slices)
        stage->slices = slices_create(stage->threads);
    for (int i = 0; i < av_pix_fmt_count_planes(made->format); i++) {
        struct mixing mixing = mixing_of(stage, made, i, share);
        slices_run(stage->slices, mixing.out.height,
                   mixing.from_alpha.data ? mix_seen_rows : mix_rows, &mixing);
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
