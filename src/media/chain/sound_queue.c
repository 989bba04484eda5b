/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that waits: frames, and silence as a count. */
#include "sound_queue.h"

#include "media/frame.h"
#include "private.h"

/* One of both. */
struct part {
    AVFrame *frame;
    int64_t silence;
};

bool sound_queue_init(struct sound_queue *queue, const AVChannelLayout *layout,
                      enum AVSampleFormat format, int rate)
{
    *queue = (struct sound_queue){.format = format, .rate = rate, .parts = G_QUEUE_INIT};
    return av_channel_layout_copy(&queue->layout, layout) >= 0;
}

static void part_free(gpointer data)
{
    struct part *part = data;
    av_frame_free(&part->frame);
    g_free(part);
}

void sound_queue_clear(struct sound_queue *queue)
{
    g_queue_clear_full(&queue->parts, part_free);
    av_channel_layout_uninit(&queue->layout);
    *queue = (struct sound_queue){.parts = G_QUEUE_INIT};
}

static int64_t part_samples(const struct part *part)
{
    return part->frame ? part->frame->nb_samples : part->silence;
}

static int64_t frame_bytes(const AVFrame *frame)
{
    return (int64_t)frame->nb_samples * frame->ch_layout.nb_channels *
           av_get_bytes_per_sample(frame->format);
}

void sound_queue_add(struct sound_queue *queue, AVFrame *frame)
{
    struct part *part = g_new0(struct part, 1);
    part->frame = frame;
    queue->samples += frame->nb_samples;
    queue->bytes += frame_bytes(frame);
    g_queue_push_tail(&queue->parts, part);
}

void sound_queue_add_silence(struct sound_queue *queue, int64_t samples)
{
    struct part *last = g_queue_peek_tail(&queue->parts);
    if (samples <= 0)
        return;
    if (!last || last->frame) {
        last = g_new0(struct part, 1);
        g_queue_push_tail(&queue->parts, last);
    }
    last->silence += samples;
    queue->samples += samples;
}

int64_t sound_queue_first(const struct sound_queue *queue)
{
    const struct part *first = g_queue_peek_head((GQueue *)&queue->parts);
    if (!first)
        return 0;
    return first->frame ? first->frame->nb_samples : MIN(first->silence, queue->rate);
}

/* Takes so many samples off the first part. */
static void shorten(struct sound_queue *queue, int64_t samples)
{
    struct part *first = g_queue_peek_head(&queue->parts);
    queue->samples -= samples;
    queue->bytes -= first->frame ? frame_bytes(first->frame) : 0;
    if (samples == part_samples(first)) {
        part_free(g_queue_pop_head(&queue->parts));
    } else if (first->frame) {
        sound_cut(first->frame, (int)samples, first->frame->nb_samples - (int)samples);
        queue->bytes += frame_bytes(first->frame);
    } else {
        first->silence -= samples;
    }
}

static AVFrame *take(struct sound_queue *queue, int64_t samples)
{
    const struct part *first = g_queue_peek_head(&queue->parts);
    AVFrame *frame = first->frame
                         ? frame_copy(first->frame)
                         : sound_silence(&queue->layout, queue->format, queue->rate, samples);
    if (first->frame)
        sound_cut(frame, 0, (int)samples);
    if (frame)
        shorten(queue, samples);
    return frame;
}

enum chain_got sound_queue_give(struct sound_queue *queue, int64_t samples, int64_t *next,
                                AVFrame *out, struct failure *failure)
{
    AVFrame *frame = take(queue, samples);
    if (!frame) {
        fail(failure, FAIL_MEMORY, "no memory for silence");
        return CHAIN_FAILED;
    }
    frame->pts = *next;
    *next += samples;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

void sound_queue_move(struct sound_queue *queue, struct sound_queue *to, int64_t samples)
{
    for (int64_t count; samples > 0 && queue->samples > 0; samples -= count) {
        const struct part *first = g_queue_peek_head(&queue->parts);
        count = MIN(samples, part_samples(first));
        if (to && first->frame) {
            sound_queue_add(to, take(queue, count));
            continue;
        }
        if (to)
            sound_queue_add_silence(to, count);
        shorten(queue, count);
    }
}
