/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that waits in a stage: frames, and stretches of silence as a count, of which a frame is
 * made only when it is taken, a second at a time. */
#pragma once

#include "media/chain_run.h"

#include <glib.h>
#include <libavutil/frame.h>
#include <stdbool.h>

struct sound_queue {
    AVChannelLayout layout; /* of the silence, and the two below */
    enum AVSampleFormat format;
    int rate;
    GQueue parts;
    int64_t samples;
    int64_t bytes; /* of the frames */
};

/* Copies the layout; one of zeros is an empty queue already. */
bool sound_queue_init(struct sound_queue *queue, const AVChannelLayout *layout,
                      enum AVSampleFormat format, int rate);
void sound_queue_clear(struct sound_queue *queue);
/* Takes over the frame. */
void sound_queue_add(struct sound_queue *queue, AVFrame *frame);
/* None where `samples` isn't more than 0. */
void sound_queue_add_silence(struct sound_queue *queue, int64_t samples);
/* Samples that one take gives at most; 0 when nothing waits. */
int64_t sound_queue_first(const struct sound_queue *queue);
/* The first `samples` of them, more than 0, as a frame at the time *next, which goes on behind it.
 */
enum chain_got sound_queue_give(struct sound_queue *queue, int64_t samples, int64_t *next,
                                AVFrame *out, struct failure *failure);
/* The first `samples` go to another queue, or, where that is NULL, are forgotten. */
void sound_queue_move(struct sound_queue *queue, struct sound_queue *to, int64_t samples);
