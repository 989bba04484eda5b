/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound moved in time, and silence around it: samples are put in and taken out, none is changed. */
#include "chain_private.h"
#include "media/frame.h"

#include <math.h>

struct shift_stage {
    struct stage stage;
    GQueue ready; /* frames to give */
    GQueue held;  /* frames of which the last `drop` samples may be the programme's last */
    struct sound_shift todo;
    int64_t in_hand, next;
    enum AVSampleFormat format;
    AVChannelLayout layout;
    bool begun, ended;
};

static void hold(struct shift_stage *shift, AVFrame *frame)
{
    shift->in_hand += frame->nb_samples;
    g_queue_push_tail(&shift->held, frame);
}

static bool hold_silence(struct shift_stage *shift, int64_t samples, struct failure *failure)
{
    int rate = shift->stage.time_base.den;
    for (; samples > 0; samples -= MIN(samples, rate)) {
        AVFrame *frame = sound_silence(&shift->layout, shift->format, rate, MIN(samples, rate));
        if (!frame)
            return fail(failure, FAIL_MEMORY, "no memory for silence");
        hold(shift, frame);
    }
    return true;
}

/* Gives what is in hand but for the last `drop` samples; at the end also a part of a frame. */
static void release(struct shift_stage *shift)
{
    AVFrame *frame;
    while ((frame = g_queue_peek_head(&shift->held))) {
        int64_t free_now = MIN(shift->in_hand - shift->todo.drop, frame->nb_samples);
        bool whole = free_now == frame->nb_samples;
        if (free_now <= 0 || (!whole && !shift->ended))
            return;
        g_queue_pop_head(&shift->held);
        shift->in_hand -= frame->nb_samples;
        sound_cut(frame, 0, (int)free_now);
        frame->pts = shift->next;
        shift->next += free_now;
        g_queue_push_tail(&shift->ready, frame);
        if (!whole)
            return;
    }
}

static void take(struct shift_stage *shift, AVFrame *frame)
{
    int skip = (int)MIN(shift->todo.skip, frame->nb_samples);
    shift->todo.skip -= skip;
    sound_cut(frame, skip, frame->nb_samples - skip);
    if (frame->nb_samples)
        hold(shift, frame);
    else
        av_frame_free(&frame);
}

/* What a programme is too short to have taken off isn't put behind it either. */
static bool end(struct shift_stage *shift, struct failure *failure)
{
    bool first = !shift->ended;
    shift->ended = true;
    return !first || hold_silence(shift, shift->todo.tail - shift->todo.skip, failure);
}

static bool shift_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct shift_stage *shift = (struct shift_stage *)stage;
    bool fine = shift->begun || hold_silence(shift, shift->todo.head, failure);
    shift->begun = true;
    if (frame)
        take(shift, frame);
    else
        fine = fine && end(shift, failure);
    release(shift);
    return fine;
}

static enum chain_got shift_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    struct shift_stage *shift = (struct shift_stage *)stage;
    AVFrame *frame = g_queue_pop_head(&shift->ready);
    if (!frame)
        return shift->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

static void free_all(GQueue *frames)
{
    for (AVFrame *frame; (frame = g_queue_pop_head(frames));)
        av_frame_free(&frame);
}

static void shift_destroy(struct stage *stage)
{
    struct shift_stage *shift = (struct shift_stage *)stage;
    free_all(&shift->ready);
    free_all(&shift->held);
    av_channel_layout_uninit(&shift->layout);
}

static const struct stage_class shift_class = {"shift", shift_put, shift_get, NULL, shift_destroy};

bool chain_shift(struct chain *chain, struct failure *failure, const struct sound_shift *todo)
{
    struct shift_stage *shift = chain_add(chain, &shift_class, sizeof(*shift), chain->time_base);
    g_queue_init(&shift->ready);
    g_queue_init(&shift->held);
    shift->todo = *todo;
    shift->format = chain->sample_format;
    chain->stepped = chain->moved = true;
    return av_channel_layout_from_string(&shift->layout, chain->sound.layout) >= 0 ||
           fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
}

void chain_remembers(struct chain *chain)
{
    chain->filtered = true;
}

bool chain_delay(struct chain *chain, struct failure *failure, int64_t samples)
{
    struct sound_shift later = {.head = samples, .drop = samples};
    struct sound_shift sooner = {.skip = -samples, .tail = -samples};
    chain_remembers(chain);
    chain->ahead_s += samples < 0 ? -(double)samples / chain->sound.rate : 0;
    return chain_shift(chain, failure, samples > 0 ? &later : &sooner);
}

bool chain_surround(struct chain *chain, struct failure *failure, double head_s, double tail_s)
{
    const struct sound_shift todo = {.head = llround(head_s * chain->sound.rate),
                                     .tail = llround(tail_s * chain->sound.rate)};
    chain->sound.duration_s += head_s + tail_s;
    chain->offset_s -= head_s;
    return chain_shift(chain, failure, &todo);
}
