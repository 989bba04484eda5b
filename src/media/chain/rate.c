/* SPDX-License-Identifier: GPL-3.0-or-later
 * Constant rate, and another speed. libavfilter's fps and setpts lose the duration of the last
 * frame; these don't. */
#include "media/captions.h"
#include "private.h"

#include <libavutil/mathematics.h>
#include <math.h>

/* A frame and the moment that it is first given at, in frames that go. */
struct due {
    AVFrame *frame;
    double at; /* its own time */
    int64_t moment;
};

struct rate_stage {
    struct stage stage;
    AVRational in;
    struct due next, rival; /* a rival came for the same moment */
    GQueue settled;         /* struct due, whose moments are theirs */
    int64_t taken;          /* the moment of the last one that was settled */
    AVFrame *shown;
    int64_t given;            /* frames */
    int64_t until;            /* frames in all, when it has ended */
    int64_t newest_at, lasts; /* of the last frame that came, in input ticks */
    bool steady;              /* it comes at the rate that it goes at */
    bool fresh;               /* `shown` wasn't given yet */
    bool ended;
    int64_t repeated, dropped;
};

static int64_t moment_of(const struct rate_stage *stage, int64_t pts)
{
    return av_rescale_q_rnd(pts, stage->in, stage->stage.time_base,
                            AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX);
}

static struct due due_of(const struct rate_stage *stage, AVFrame *frame)
{
    const double at = (double)frame->pts * av_q2d(stage->in) / av_q2d(stage->stage.time_base);
    return (struct due){frame, at, moment_of(stage, frame->pts)};
}

static double off(const struct due *due, int64_t moment)
{
    return fabs(due->at - (double)moment);
}

static struct due take_due(struct due *due)
{
    const struct due taken = *due;
    *due = (struct due){0};
    return taken;
}

static void settle(struct rate_stage *stage)
{
    const struct due due = take_due(&stage->next);
    stage->taken = due.moment;
    g_queue_push_tail(&stage->settled, g_memdup2(&due, sizeof(due)));
}

static void drop(struct rate_stage *stage, struct due *due)
{
    av_frame_free(&due->frame);
    *due = (struct due){0};
    stage->dropped++;
}

/* How far off its time the next one would be a moment earlier; INFINITY where that isn't free, or
 * is more than a moment. */
static double off_early(const struct rate_stage *stage)
{
    const int64_t moment = stage->next.moment - 1;
    const double far = off(&stage->next, moment);
    return moment > stage->taken && far <= 1 ? far : INFINITY;
}

/* And its rival a moment later, before that of what follows. */
static double off_late(const struct rate_stage *stage, int64_t following)
{
    const int64_t moment = stage->rival.moment + 1;
    const double far = off(&stage->rival, moment);
    return moment < following && far <= 1 ? far : INFINITY;
}

/* Of two for one moment the one that is less off there goes to a free moment beside it; where there
 * is none the nearer one stays, of two the earlier. */
static void part(struct rate_stage *stage, int64_t following)
{
    const double rounding = 1e-6;
    struct due *next = &stage->next, *rival = &stage->rival;
    const double early = off_early(stage), late = off_late(stage, following);
    if (early < late)
        next->moment--;
    else if (isfinite(late))
        rival->moment++;
    else
        drop(stage, off(rival, rival->moment) > off(next, next->moment) - rounding ? rival : next);
    if (next->frame && rival->frame)
        settle(stage);
    if (rival->frame)
        *next = take_due(rival);
}

static int64_t end_of(const struct rate_stage *stage)
{
    int64_t end = moment_of(stage, stage->newest_at + stage->lasts);
    /* Times in milliseconds may round the last one of a high rate to less than it lasts. */
    if (stage->steady)
        end = MAX(end, moment_of(stage, stage->newest_at) + 1);
    /* The only frame of all is shown however short it is. */
    return MAX(end, (stage->taken < 0 ? MAX(stage->next.moment, 0) : stage->taken) + 1);
}

static void finish(struct rate_stage *stage)
{
    stage->until = end_of(stage);
    if (stage->rival.frame)
        part(stage, stage->until);
    if (stage->next.moment >= stage->until && isfinite(off_early(stage)))
        stage->next.moment--;
    if (stage->next.moment < stage->until)
        settle(stage);
    else
        drop(stage, &stage->next);
}

static bool rate_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    if (!frame) {
        stage->ended = true;
        if (stage->next.frame)
            finish(stage);
        return true;
    }
    const struct due came = due_of(stage, frame);
    const bool first = !stage->next.frame;
    stage->lasts = frame->pkt_duration > 0 ? frame->pkt_duration
                   : first                 ? 0
                                           : frame->pts - stage->newest_at;
    stage->newest_at = frame->pts;
    if (stage->rival.frame)
        part(stage, came.moment);
    if (!first && came.moment <= stage->next.moment) {
        stage->rival = came;
        return true;
    }
    if (!first)
        settle(stage);
    stage->next = came;
    return true;
}

static bool give(struct rate_stage *stage, AVFrame *out, struct failure *failure)
{
    if (av_frame_ref(out, stage->shown) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    out->pts = stage->given++;
    out->pkt_duration = 1;
    if (!stage->fresh) {
        captions_take(out, NULL);
        stage->repeated++;
    }
    stage->fresh = false;
    return true;
}

static enum chain_got rate_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    struct due *due = g_queue_peek_head(&stage->settled);
    const int64_t until = due ? due->moment : stage->until;
    if (stage->shown && stage->given < until)
        return give(stage, out, failure) ? CHAIN_FRAME : CHAIN_FAILED;
    if (!due)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_free(&stage->shown);
    stage->shown = due->frame;
    stage->fresh = true;
    g_free(g_queue_pop_head(&stage->settled));
    return rate_get(base, out, failure);
}

static void rate_destroy(struct stage *base)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    for (struct due *due; (due = g_queue_pop_head(&stage->settled)); g_free(due))
        av_frame_free(&due->frame);
    av_frame_free(&stage->next.frame);
    av_frame_free(&stage->rival.frame);
    av_frame_free(&stage->shown);
}

static const struct stage_class rate_class = {"constant rate", rate_put, rate_get, NULL,
                                              rate_destroy};

bool rate_fits(struct rational fps, struct failure *failure)
{
    return (fps.num > 0 && fps.num <= INT_MAX && fps.den <= INT_MAX) ||
           fail(failure, FAIL_CONFIG, "not a frame rate: %" PRId64 "/%" PRId64, fps.num, fps.den);
}

bool chain_constant_rate(struct chain *chain, struct failure *failure, struct rational fps)
{
    if (!rate_fits(fps, failure))
        return false;
    AVRational in = chain->time_base, out = {(int)fps.den, (int)fps.num};
    if (rational_equal(chain->video.fps, fps) && !av_cmp_q(in, out))
        return true;
    struct rate_stage *stage = chain_add(chain, &rate_class, sizeof(*stage), out);
    stage->in = in;
    stage->taken = -1;
    stage->steady = rational_equal(chain->video.fps, fps);
    chain_rate_timecode(chain, chain->video.fps, fps);
    chain->video.fps = fps;
    return true;
}

char *chain_rate_text(const struct chain *chain)
{
    int64_t repeated = 0, dropped = 0;
    for (guint i = 0; i < chain->stages->len; i++) {
        const struct rate_stage *stage = chain->stages->pdata[i];
        if (stage->stage.class != &rate_class)
            continue;
        repeated += stage->repeated;
        dropped += stage->dropped;
    }
    return repeated || dropped ? g_strdup_printf("%" PRId64 " frames repeated, %" PRId64 " dropped",
                                                 repeated, dropped)
                               : NULL;
}

/* --- speed --- */

struct speed_stage {
    struct stage stage;
    struct slot slot;
    double ticks; /* out of one that comes in */
};

static bool speed_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct speed_stage *stage = (struct speed_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    int64_t end = llround((frame->pts + MAX(frame->pkt_duration, 0)) * stage->ticks);
    frame->pts = llround(frame->pts * stage->ticks);
    frame->pkt_duration = frame->pkt_duration > 0 ? end - frame->pts : 0;
    return true;
}

static enum chain_got speed_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct speed_stage *)stage)->slot, out);
}

static void speed_destroy(struct stage *stage)
{
    av_frame_free(&((struct speed_stage *)stage)->slot.frame);
}

static const struct stage_class speed_class = {"speed", speed_put, speed_get, NULL, speed_destroy};

bool chain_speed(struct chain *chain, struct failure *failure, double factor)
{
    if (!(factor > 0))
        return fail(failure, FAIL_CONFIG, "not a speed: %g", factor);
    int finer = CLAMP(INT_MAX / chain->time_base.den, 1, 1000);
    AVRational out = {chain->time_base.num, chain->time_base.den * finer};
    struct speed_stage *stage = chain_add(chain, &speed_class, sizeof(*stage), out);
    struct video_shape before = chain->video;
    stage->ticks = finer / factor;
    chain->stepped = chain->retimed = true;
    chain->pace *= factor;
    chain->video.duration_s /= factor;
    chain->video.fps = (struct rational){0, 1};
    chain->video.timecode[0] = '\0';
    bool built = !before.fps.num || chain_constant_rate(chain, failure, before.fps);
    g_strlcpy(chain->video.timecode, before.timecode, sizeof(before.timecode));
    return built;
}
