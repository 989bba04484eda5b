/* SPDX-License-Identifier: GPL-3.0-or-later
 * A frame held, and the gap in the sound that goes with it. */
#include "media/chain_picture.h"

#include "media/frame.h"
#include "picture.h"
#include "sound_queue.h"

#include <math.h>

/* A time that a container rounded to milliseconds is still the frame that was meant. */
static const double ROUNDING_S = 0.001;

/* --- picture --- */

struct freeze_stage {
    struct stage stage;
    GQueue ready;
    AVFrame *held;      /* before the moment: the last frame; after it the one that is held */
    int64_t at, until;  /* ticks */
    double frame_ticks; /* 0: variable rate */
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

/* Copies for as long as it is held, then the frame itself and all that follows, later. */
static bool hold(struct freeze_stage *stage, struct failure *failure)
{
    const int64_t start = stage->held->pts, length = stage->until - stage->at;
    AVFrame *still = still_of(stage, failure);
    if (!still)
        return false;
    const int64_t copies = stage->frame_ticks ? llround((double)length / stage->frame_ticks) : 0;
    for (int64_t k = 0; k < copies; k++)
        give(stage, frame_copy(still), start + llround((double)k * stage->frame_ticks));
    if (!stage->frame_ticks) {
        still->pkt_duration = length;
        give(stage, frame_copy(still), start);
    }
    av_frame_free(&still);
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
    if (stage->insert || pts >= stage->until) {
        give(stage, frame, stage->insert ? pts + stage->until - stage->at : pts);
        return true;
    }
    AVFrame *still = stage->held ? still_of(stage, failure) : NULL;
    if (still) {
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
    if (!stage->reached && (!frame || frame->pts > stage->at) && !reach(stage, failure)) {
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

static enum chain_got freeze_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct freeze_stage *stage = (struct freeze_stage *)base;
    AVFrame *frame = g_queue_pop_head(&stage->ready);
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
    stage->at = (int64_t)floor((at_s + ROUNDING_S) / tick_s);
    stage->until = stage->at + llround(length_s / tick_s);
    stage->frame_ticks = fps.num ? 1 / rational_value(fps) / tick_s : 0;
    stage->insert = insert;
    stage->fields = fields;
    stage->second_first = !chain->video.top_field_first;
    chain->stepped = chain->filtered = true;
    if (insert) {
        chain->retimed = true;
        chain->video.duration_s += length_s;
    }
    return true;
}

/* --- sound --- */

struct gap_stage {
    struct stage stage;
    struct sound_queue ready;
    int64_t before, silence, next; /* samples */
    bool done, ended;
};

static void put_gap(struct gap_stage *stage)
{
    sound_queue_add_silence(&stage->ready, stage->silence);
    stage->done = true;
}

static bool gap_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct gap_stage *stage = (struct gap_stage *)base;
    if (!frame) {
        stage->ended = true;
        return true;
    }
    if (!stage->done && stage->before == 0)
        put_gap(stage);
    if (!stage->done && stage->before < frame->nb_samples) {
        const int first = (int)stage->before;
        AVFrame *head = frame_copy(frame);
        sound_cut(head, 0, first);
        sound_cut(frame, first, frame->nb_samples - first);
        sound_queue_add(&stage->ready, head);
        put_gap(stage);
    }
    stage->before -= frame->nb_samples;
    sound_queue_add(&stage->ready, frame);
    return true;
}

static enum chain_got gap_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct gap_stage *stage = (struct gap_stage *)base;
    const int64_t first = sound_queue_first(&stage->ready);
    if (!first)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    return sound_queue_give(&stage->ready, first, &stage->next, out, failure);
}

static void gap_destroy(struct stage *base)
{
    sound_queue_clear(&((struct gap_stage *)base)->ready);
}

static const struct stage_class gap_class = {"gap", gap_put, gap_get, NULL, gap_destroy};

bool chain_gap(struct chain *chain, struct failure *failure, double at_s, double length_s)
{
    struct gap_stage *stage = chain_add(chain, &gap_class, sizeof(*stage), chain->time_base);
    const int rate = chain->sound.rate;
    AVChannelLayout layout = {0};
    stage->before = llround(at_s * rate);
    stage->silence = llround((at_s + length_s) * rate) - stage->before;
    chain->stepped = chain->moved = chain->retimed = true;
    chain->sound.duration_s += length_s;
    const bool known = av_channel_layout_from_string(&layout, chain->sound.layout) >= 0 &&
                       sound_queue_init(&stage->ready, &layout, chain->sample_format, rate);
    av_channel_layout_uninit(&layout);
    return known || fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
}
