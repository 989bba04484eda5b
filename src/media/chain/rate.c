/* SPDX-License-Identifier: GPL-3.0-or-later
 * Constant rate, and another speed. libavfilter's fps and setpts lose the duration of the last
 * frame; these don't. */
#include "media/captions.h"
#include "private.h"

#include <libavutil/mathematics.h>
#include <math.h>

struct rate_stage {
    struct stage stage;
    AVRational in;
    AVFrame *held;
    int64_t next;             /* number of the next frame to give */
    int64_t until;            /* `held` is shown up to here */
    int64_t shown;            /* how often `held` was given */
    int64_t newest_at, lasts; /* of the last frame that came, in input ticks */
    AVFrame *after;           /* waits until `held` is through */
    bool steady;              /* it comes at the rate that it goes at */
    bool ended;
    int64_t repeated, dropped;
};

static int64_t slot_of(const struct rate_stage *stage, int64_t pts)
{
    return av_rescale_q_rnd(pts, stage->in, stage->stage.time_base,
                            AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX);
}

/* How far a time is from the moment that it is given at, in frames. */
static double distance(const struct rate_stage *stage, int64_t pts)
{
    const double at = (double)pts * av_q2d(stage->in) / av_q2d(stage->stage.time_base);
    return fabs(at - (double)slot_of(stage, pts));
}

/* Of the frames that come for one moment the nearest is given; of two the earlier. */
static bool is_further(const struct rate_stage *stage, int64_t pts)
{
    return !stage->shown && slot_of(stage, pts) == slot_of(stage, stage->held->pts) &&
           distance(stage, pts) > distance(stage, stage->held->pts) - 1e-6;
}

static void hold(struct rate_stage *stage, AVFrame *frame)
{
    if (stage->held && !stage->shown)
        stage->dropped++;
    av_frame_free(&stage->held);
    stage->held = frame;
    stage->shown = 0;
}

static bool rate_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    if (!frame && !stage->ended) {
        stage->ended = true;
        if (!stage->held)
            return true;
        /* The only frame of all is shown however short it is. */
        stage->until =
            MAX(slot_of(stage, stage->newest_at + stage->lasts), stage->next + !stage->next);
        /* Times in milliseconds may round the last one of a high rate to less than it lasts. */
        if (stage->steady)
            stage->until = MAX(stage->until, slot_of(stage, stage->newest_at) + 1);
        stage->dropped += !stage->shown && stage->until <= stage->next;
        return true;
    }
    if (!frame)
        return true;
    stage->lasts = frame->pkt_duration > 0 ? frame->pkt_duration
                   : stage->held           ? frame->pts - stage->newest_at
                                           : 0;
    stage->newest_at = frame->pts;
    if (!stage->held) {
        hold(stage, frame);
        stage->until = stage->next;
        return true;
    }
    if (is_further(stage, frame->pts)) {
        stage->dropped++;
        av_frame_free(&frame);
        return true;
    }
    stage->until = slot_of(stage, frame->pts);
    stage->after = frame;
    return true;
}

static enum chain_got rate_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    if (stage->held && stage->next < stage->until) {
        if (av_frame_ref(out, stage->held) < 0) {
            fail(failure, FAIL_MEMORY, "no memory for a frame");
            return CHAIN_FAILED;
        }
        out->pts = stage->next++;
        out->pkt_duration = 1;
        if (stage->shown++) {
            captions_take(out, NULL);
            stage->repeated++;
        }
        return CHAIN_FRAME;
    }
    if (stage->after) {
        hold(stage, stage->after);
        stage->after = NULL;
        return CHAIN_MORE;
    }
    return stage->ended ? CHAIN_END : CHAIN_MORE;
}

static void rate_destroy(struct stage *base)
{
    struct rate_stage *stage = (struct rate_stage *)base;
    av_frame_free(&stage->held);
    av_frame_free(&stage->after);
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
