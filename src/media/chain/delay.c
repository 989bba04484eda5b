/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound moved in time, and silence around it: samples are put in and taken out, none is changed. */
#include "private.h"
#include "sound_queue.h"

#include <math.h>

struct shift_stage {
    struct stage stage;
    struct sound_queue held; /* its last `drop` samples may be the programme's last */
    struct sound_shift todo;
    int64_t next;
    bool begun, ended;
};

/* What a programme is too short to have taken off isn't put behind it either. */
static void end(struct shift_stage *shift)
{
    if (!shift->ended)
        sound_queue_add_silence(&shift->held, shift->todo.tail - shift->todo.skip);
    shift->ended = true;
}

static void take(struct shift_stage *shift, AVFrame *frame)
{
    int skip = (int)MIN(shift->todo.skip, frame->nb_samples);
    shift->todo.skip -= skip;
    sound_cut(frame, skip, frame->nb_samples - skip);
    if (frame->nb_samples)
        sound_queue_add(&shift->held, frame);
    else
        av_frame_free(&frame);
}

static bool shift_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct shift_stage *shift = (struct shift_stage *)stage;
    if (!shift->begun)
        sound_queue_add_silence(&shift->held, shift->todo.head);
    shift->begun = true;
    if (frame)
        take(shift, frame);
    else
        end(shift);
    return true;
}

/* What is in hand but for the last `drop` samples; at the end also a part of a frame. */
static enum chain_got shift_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    struct shift_stage *shift = (struct shift_stage *)stage;
    int64_t free_now = shift->held.samples - shift->todo.drop;
    int64_t first = sound_queue_first(&shift->held);
    if (free_now <= 0 || (free_now < first && !shift->ended))
        return shift->ended ? CHAIN_END : CHAIN_MORE;
    return sound_queue_give(&shift->held, MIN(first, free_now), &shift->next, out, failure);
}

static void shift_destroy(struct stage *stage)
{
    sound_queue_clear(&((struct shift_stage *)stage)->held);
}

static const struct stage_class shift_class = {"shift", shift_put, shift_get, NULL, shift_destroy};

bool chain_shift(struct chain *chain, struct failure *failure, const struct sound_shift *todo)
{
    struct shift_stage *shift = chain_add(chain, &shift_class, sizeof(*shift), chain->time_base);
    AVChannelLayout layout = {0};
    shift->todo = *todo;
    chain->stepped = chain->moved = true;
    bool known = av_channel_layout_from_string(&layout, chain->sound.layout) >= 0 &&
                 sound_queue_init(&shift->held, &layout, chain->sample_format, chain->sound.rate);
    av_channel_layout_uninit(&layout);
    return known || fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
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
    chain->offset_s -= head_s * chain->pace;
    chain_move_timecode(chain, -head_s);
    return chain_shift(chain, failure, &todo);
}
