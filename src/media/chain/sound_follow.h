/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound made a little longer or shorter, sample by sample, so that it follows another clock. */
#pragma once

#include "model/failure.h"
#include "sound_queue.h"

struct sound_follow;
/* To `queue`, whose form the frames have; borrowed. */
struct sound_follow *sound_follow_create(struct sound_queue *queue);
void sound_follow_destroy(struct sound_follow *follow); /* accepts NULL */
/* `late` samples more (fewer: below 0) are wanted, over the next half of a second. */
bool sound_follow_put(struct sound_follow *follow, const AVFrame *frame, double late,
                      struct failure *failure);
/* What it holds goes on; the next frame begins anew. */
bool sound_follow_end(struct sound_follow *follow, struct failure *failure);
/* Samples that it holds, and that it made of nothing so far (took away: below 0), with those. */
int64_t sound_follow_held(const struct sound_follow *follow);
int64_t sound_follow_made(const struct sound_follow *follow);
