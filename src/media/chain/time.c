/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that move, cut and hold frames in time; all in whole ticks of rational time bases. */
#include "private.h"

#include "base/timecode.h"

#include <libavutil/mathematics.h>
#include <math.h>

/* A time that a container rounded to milliseconds is still the frame that was meant. */
static const double rounding_s = 0.001;

/* Programme seconds to ticks. */
static int64_t ticks(double seconds, AVRational time_base)
{
    return llround(seconds / av_q2d(time_base));
}

static double frame_s(const struct chain *chain)
{
    const struct rational fps = chain->video.fps;
    return fps.num ? 1 / rational_value(fps) : NAN;
}

/* --- trims of pictures --- */

struct trim_stage {
    struct stage stage;
    struct slot slot;
    AVFrame *held; /* the last picture that came, so long behind the one before; 0 the first */
    int64_t step;
    int64_t from, to; /* ticks; to INT64_MAX = the end */
    bool done;
};

/* Another one follows: whatever its container says, it is shown no shorter than the one before, up
 * to the end. Where pictures are missing behind it no container could say how long that is. */
static void end_trim(struct trim_stage *stage)
{
    AVFrame *last = g_steal_pointer(&stage->held);
    stage->done = stage->slot.ended = true;
    stage->slot.frame = last;
    if (last)
        last->pkt_duration =
            MIN(MAX(last->pkt_duration, stage->step), stage->to - stage->from - last->pts);
}

static bool trim_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct trim_stage *stage = (struct trim_stage *)base;
    const int64_t slack = ticks(rounding_s, base->time_base);
    const bool behind = frame && stage->to != INT64_MAX && frame->pts + slack >= stage->to;
    if (behind && !stage->done)
        end_trim(stage);
    if (stage->done || (frame && frame->pts + slack < stage->from)) {
        av_frame_free(&frame);
        return true;
    }
    stage->slot.frame = g_steal_pointer(&stage->held);
    stage->slot.ended = !frame;
    stage->held = frame;
    if (!frame)
        return true;
    frame->pts = MAX(frame->pts - stage->from, 0);
    stage->step = stage->slot.frame ? frame->pts - stage->slot.frame->pts : 0;
    if (stage->to != INT64_MAX && frame->pkt_duration > 0)
        frame->pkt_duration = MIN(frame->pkt_duration, stage->to - stage->from - frame->pts);
    return true;
}

static enum chain_got trim_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct trim_stage *)stage)->slot, out);
}

static bool trim_done(const struct stage *stage)
{
    return ((const struct trim_stage *)stage)->done;
}

static void trim_destroy(struct stage *stage)
{
    av_frame_free(&((struct trim_stage *)stage)->slot.frame);
    av_frame_free(&((struct trim_stage *)stage)->held);
}

static const struct stage_class trim_class = {"trim", trim_put, trim_get, trim_done, trim_destroy};

/* --- trims of sound: ticks are samples --- */

static bool sound_trim_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct trim_stage *stage = (struct trim_stage *)base;
    if (!frame) {
        stage->slot.ended = true;
        return true;
    }
    int64_t first = MAX(frame->pts, stage->from);
    int64_t end = MIN(frame->pts + frame->nb_samples, stage->to);
    if (frame->pts + frame->nb_samples >= stage->to)
        stage->done = true;
    if (end <= first) {
        stage->slot.ended = stage->slot.ended || stage->done;
        av_frame_free(&frame);
        return true;
    }
    sound_cut(frame, first - frame->pts, end - first);
    frame->pts -= stage->from;
    stage->slot.frame = frame;
    stage->slot.ended = stage->slot.ended || stage->done;
    return true;
}

static const struct stage_class sound_trim_class = {"trim", sound_trim_put, trim_get, trim_done,
                                                    trim_destroy};

double trim_on_frame(double seconds, struct rational fps)
{
    if (!fps.num || !isfinite(seconds))
        return seconds;
    return ceil(seconds * rational_value(fps) - 0.05) / rational_value(fps);
}

bool chain_trim(struct chain *chain, struct failure *failure, double from_s, double to_s)
{
    bool video = chain->type == AVMEDIA_TYPE_VIDEO;
    double *duration = video ? &chain->video.duration_s : &chain->sound.duration_s;
    const double asked_from_s = seconds_shown(from_s), asked_to_s = seconds_shown(to_s);
    from_s = trim_on_frame(MAX(from_s, 0), chain->video.fps);
    to_s = trim_on_frame(to_s, chain->video.fps);
    if (to_s <= from_s)
        return fail(failure, FAIL_CONFIG,
                    "trim keeps nothing: no frame begins from %.3f s on and before %.3f s",
                    asked_from_s, asked_to_s);
    if (video && isfinite(*duration) && from_s >= *duration)
        return fail(failure, FAIL_CONFIG, "trim starts at %.3f s, but the source ends at %.3f s",
                    from_s, *duration);
    struct trim_stage *stage =
        chain_add(chain, video ? &trim_class : &sound_trim_class, sizeof(*stage), chain->time_base);
    stage->from = ticks(from_s, chain->time_base);
    stage->to = isnan(to_s) ? INT64_MAX : ticks(to_s, chain->time_base);
    if (!video) /* a whole count of samples, as it is cut */
        from_s = (double)stage->from * av_q2d(chain->time_base);
    chain->cut = chain->moved = true;
    double end = isnan(to_s) || (isfinite(*duration) && to_s > *duration) ? *duration : to_s;
    *duration = fmax(end - from_s, 0); /* sound may be over before the picture */
    if (!chain->retimed && !isnan(to_s))
        chain->to_s = chain->offset_s + to_s;
    chain->offset_s += from_s * chain->pace;
    if (!chain->retimed && !chain->filtered)
        chain->from_s = chain->offset_s;
    chain_move_timecode(chain, from_s);
    return true;
}

/* --- one frame --- */

struct pick_stage {
    struct stage stage;
    struct slot slot;
    AVFrame *held;
    int64_t at, frame; /* a frame lasts so long, 0 unknown */
    double at_s, tick_s;
    bool within;
};

/* The last frame. */
static bool is_behind(const struct pick_stage *stage, struct failure *failure)
{
    const AVFrame *last = stage->held;
    const int64_t lasts = last->pkt_duration > 0 ? last->pkt_duration : stage->frame;
    if (stage->within || lasts <= 0 || stage->at <= last->pts + lasts)
        return false;
    fail(failure, FAIL_CONFIG, "still: %.3f s lies behind the end of the picture, which is %.3f s",
         stage->at_s, (double)(last->pts + lasts) * stage->tick_s);
    return true;
}

static void pick(struct pick_stage *stage, AVFrame **frame)
{
    stage->slot.frame = *frame;
    *frame = NULL;
    if (stage->slot.frame)
        stage->slot.frame->pts = 0;
    stage->slot.ended = true;
}

static bool pick_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct pick_stage *stage = (struct pick_stage *)base;
    if (stage->slot.ended) {
        av_frame_free(&frame);
        return true;
    }
    bool later = frame && frame->pts > stage->at;
    if (!frame && stage->held && is_behind(stage, failure))
        return false;
    if ((!frame || later) && stage->held) {
        pick(stage, &stage->held);
        av_frame_free(&frame);
    } else if (!frame || later) {
        pick(stage, &frame);
    } else {
        av_frame_free(&stage->held);
        stage->held = frame;
    }
    return true;
}

static enum chain_got pick_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct pick_stage *)stage)->slot, out);
}

static bool pick_done(const struct stage *stage)
{
    return ((const struct pick_stage *)stage)->slot.ended;
}

static void pick_destroy(struct stage *stage)
{
    av_frame_free(&((struct pick_stage *)stage)->slot.frame);
    av_frame_free(&((struct pick_stage *)stage)->held);
}

static const struct stage_class pick_class = {"pick", pick_put, pick_get, pick_done, pick_destroy};

bool chain_pick(struct chain *chain, struct failure *failure, double at_s, bool within)
{
    struct pick_stage *stage = chain_add(chain, &pick_class, sizeof(*stage), chain->time_base);
    double frame = frame_s(chain);
    stage->within = within;
    stage->at_s = at_s;
    stage->tick_s = av_q2d(chain->time_base);
    stage->frame = isnan(frame) ? 0 : llround(frame / stage->tick_s);
    stage->at = (int64_t)floor((at_s + rounding_s) / av_q2d(chain->time_base));
    chain->stepped = chain->still = true;
    if (!chain->retimed) {
        if (!chain->filtered)
            chain->from_s = MAX(chain->offset_s + at_s - (isnan(frame) ? 2 : frame), 0);
        chain->to_s = chain->offset_s + at_s;
    }
    chain_move_timecode(chain, isnan(frame) ? at_s : frame * floor((at_s + rounding_s) / frame));
    return true;
}

/* --- timecode --- */

void chain_sound_timecode(struct chain *chain, const char *timecode)
{
    struct video_shape *beside = &chain->video;
    struct timecode tc;
    if (timecode_parse(timecode, beside->fps, &tc) && tc.rate)
        g_strlcpy(beside->timecode, timecode, sizeof(beside->timecode));
}

void chain_move_timecode(struct chain *chain, double seconds)
{
    struct video_shape *shape = &chain->video;
    struct timecode tc;
    if (!shape->timecode[0] || seconds == 0)
        return;
    if (!timecode_parse(shape->timecode, shape->fps, &tc) || !tc.rate) {
        chain_note(chain, "dropped: timecode %s: frames without a constant rate can't be counted",
                   shape->timecode);
        shape->timecode[0] = '\0';
        return;
    }
    tc.frame += llround(seconds * rational_value(shape->fps));
    g_autofree char *text = timecode_text(tc);
    g_strlcpy(shape->timecode, text, sizeof(shape->timecode));
}

void chain_rate_timecode(struct chain *chain, struct rational from, struct rational to)
{
    struct video_shape *shape = &chain->video;
    struct timecode tc;
    if (!shape->timecode[0] || rational_equal(from, to))
        return;
    if (timecode_parse(shape->timecode, from, &tc) && tc.rate) {
        g_autofree char *text = timecode_text(timecode_at_rate(tc, from, to));
        g_strlcpy(shape->timecode, text, sizeof(shape->timecode));
        return;
    }
    chain_note(chain, "dropped: timecode %s, which has no meaning at the new frame rate",
               shape->timecode);
    shape->timecode[0] = '\0';
}
