/* SPDX-License-Identifier: GPL-3.0-or-later
 * A frame held. */
#include "media/chain_picture.h"

#include "media/captions.h"
#include "media/frame.h"
#include "picture.h"

#include <math.h>

/* A time that a container rounded to milliseconds is still the frame that was meant. */
static const double ROUNDING_S = 0.001;

struct freeze_stage {
    struct stage stage;
    GQueue ready;
    AVFrame *held;  /* before the moment: the last frame; after it the one that is held */
    AVFrame *still; /* in `ready`: given `copies` times from `start` on, once queued */
    int64_t start, copies, given;
    int64_t at, until, slack; /* ticks */
    double frame_ticks;       /* 0: variable rate */
    bool insert, fields, second_first;
    bool reached, ended;
};

/* The lines of the field that isn't held become the mean of those around them. */
static void keep_field(const AVFrame *frame, int plane, bool second_first)
{
    const struct plane p = frame_plane(frame, plane);
    const int bytes = av_pix_fmt_desc_get(frame->format)->comp[0].depth > 8 ? 2 : 1;
    for (int y = second_first ? 0 : 1; y < p.height; y += 2) {
        uint8_t *line = p.data + (ptrdiff_t)y * p.stride;
        const uint8_t *above = y > 0 ? line - p.stride : line + p.stride,
                      *below = y + 1 < p.height ? line + p.stride : above;
        for (int x = 0; x < p.width && p.height > 1; x++)
            put_sample(line, bytes, x,
                       (sample_at(above, bytes, x) + sample_at(below, bytes, x) + 1) / 2);
    }
}

static AVFrame *still_of(const struct freeze_stage *stage, struct failure *failure)
{
    AVFrame *still = frame_copy(stage->held);
    if (!stage->fields)
        return still;
    if (!frame_own(still, failure)) {
        av_frame_free(&still);
        return NULL;
    }
    for (int i = 0; i < av_pix_fmt_count_planes(still->format); i++)
        keep_field(still, i, stage->second_first);
    return still;
}

static void give(struct freeze_stage *stage, AVFrame *frame, int64_t pts)
{
    frame->pts = pts;
    g_queue_push_tail(&stage->ready, frame);
}

/* It for as long as it is held, then the frame itself and all that follows, later. */
static bool hold(struct freeze_stage *stage, struct failure *failure)
{
    const int64_t start = stage->held->pts, length = stage->until - stage->at;
    AVFrame *still = still_of(stage, failure);
    if (!still)
        return false;
    captions_take(still, NULL);
    stage->start = start;
    stage->copies = stage->frame_ticks ? llround((double)length / stage->frame_ticks) : 1;
    if (!stage->frame_ticks)
        still->pkt_duration = length;
    if (stage->copies) {
        stage->still = still;
        give(stage, still, start);
    } else {
        av_frame_free(&still);
    }
    give(stage, frame_copy(stage->held), start + length);
    return true;
}

/* The first frame past the moment came, or the end. */
static bool reach(struct freeze_stage *stage, struct failure *failure)
{
    stage->reached = true;
    if (!stage->held)
        return true;
    if (stage->insert)
        return hold(stage, failure);
    AVFrame *still = still_of(stage, failure);
    if (still)
        give(stage, still, still->pts);
    return still != NULL;
}

static bool follow(struct freeze_stage *stage, AVFrame *frame, struct failure *failure)
{
    const int64_t pts = frame->pts;
    if (stage->insert || pts + stage->slack >= stage->until) {
        give(stage, frame, stage->insert ? pts + stage->until - stage->at : pts);
        return true;
    }
    AVFrame *still = stage->held ? still_of(stage, failure) : NULL;
    if (still) {
        captions_take(still, frame);
        still->pkt_duration = frame->pkt_duration;
        give(stage, still, pts);
    }
    av_frame_free(&frame);
    return still != NULL;
}

static bool freeze_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct freeze_stage *stage = (struct freeze_stage *)base;
    stage->ended = stage->ended || !frame;
    if (!stage->reached && (!frame || frame->pts > stage->at + stage->slack) &&
        !reach(stage, failure)) {
        av_frame_free(&frame);
        return false;
    }
    if (!frame)
        return true;
    if (stage->reached)
        return follow(stage, frame, failure);
    if (stage->held)
        give(stage, stage->held, stage->held->pts);
    stage->held = frame;
    return true;
}

/* The next to be given. One at a time: a hold may be hours long. */
static AVFrame *next(struct freeze_stage *stage)
{
    AVFrame *frame = g_queue_peek_head(&stage->ready);
    if (!frame || frame != stage->still)
        return g_queue_pop_head(&stage->ready);
    frame->pts = stage->start + llround((double)stage->given++ * stage->frame_ticks);
    if (stage->given < stage->copies)
        return frame_copy(frame);
    stage->still = NULL;
    return g_queue_pop_head(&stage->ready);
}

static enum chain_got freeze_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct freeze_stage *stage = (struct freeze_stage *)base;
    AVFrame *frame = next(stage);
    if (!frame)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

static void freeze_destroy(struct stage *base)
{
    struct freeze_stage *stage = (struct freeze_stage *)base;
    for (AVFrame *frame; (frame = g_queue_pop_head(&stage->ready));)
        av_frame_free(&frame);
    av_frame_free(&stage->held);
}

static const struct stage_class freeze_class = {"freeze", freeze_put, freeze_get, NULL,
                                                freeze_destroy};

bool chain_freeze(struct chain *chain, struct failure *failure, double at_s, double length_s,
                  bool insert)
{
    const struct rational fps = chain->video.fps;
    const bool fields = chain->video.interlaced;
    if (fields && !fps.num)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and its frame rate varies: put deinterlace or fps "
                    "before freeze");
    if (fields && !chain_plain(chain, failure))
        return false;
    struct freeze_stage *stage = chain_add(chain, &freeze_class, sizeof(*stage), chain->time_base);
    const double tick_s = av_q2d(chain->time_base);
    stage->at = (int64_t)floor(at_s / tick_s + 1e-6);
    stage->slack = (int64_t)(ROUNDING_S / tick_s);
    stage->until = stage->at + llround(length_s / tick_s);
    stage->frame_ticks = fps.num ? 1 / rational_value(fps) / tick_s : 0;
    stage->insert = insert;
    stage->fields = fields;
    stage->second_first = !chain->video.top_field_first;
    chain->stepped = chain->filtered = true;
    if (insert) {
        chain->retimed = chain->bent = true;
        chain->video.duration_s += length_s;
    }
    return true;
}
