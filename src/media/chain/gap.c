/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silence put into sound. */
#include "media/chain_picture.h"

#include "media/frame.h"
#include "private.h"
#include "sound_queue.h"

#include <math.h>

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

static bool has_begun(const struct gap_stage *stage)
{
    return stage->next > 0 || sound_queue_first(&stage->ready) > 0;
}

static bool gap_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct gap_stage *stage = (struct gap_stage *)base;
    if (!frame) {
        if (!stage->done && has_begun(stage))
            put_gap(stage);
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
    chain->stepped = chain->moved = chain->retimed = chain->bent = true;
    chain->sound.duration_s += length_s;
    const bool known = av_channel_layout_from_string(&layout, chain->sound.layout) >= 0 &&
                       sound_queue_init(&stage->ready, &layout, chain->sample_format, rate);
    av_channel_layout_uninit(&layout);
    return known || fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
}
