/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass through a source's sound: the shared chain, then each sink's own chain. */
#pragma once

#include "input.h"

/* Where sound ends up: a file, a meter. */
struct sound_sink {
    struct chain *chain; /* of this sink alone; NULL = closed, nothing comes */
    bool (*take)(void *data, const AVFrame *frame, struct failure *failure);
    void *data;
    struct failure *failure; /* of this sink; when set, it gets no more */
    bool ended;
};

/* Reads the input until its end, or until no sink needs more. False with `failure` when reading
 * failed, or the source is damaged and job->task->damaged_allow isn't set; *damage (to be freed) is
 * a sentence about damage that was allowed. */
bool sound_fan_run(const struct job *job, struct sound_input *input, struct chain *shared,
                   struct sound_sink *sinks, unsigned count, char **damage,
                   struct failure *failure);
