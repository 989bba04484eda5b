/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass through a task's sound: the shared chain of each source, then each sink's own chain, in
 * which the sources follow one another without a gap. */
#pragma once

#include "parts.h"

/* Where sound ends up: a file, a meter. */
struct sound_sink {
    struct chain *chain; /* of this sink alone; NULL = closed, nothing comes */
    bool (*take)(void *data, const AVFrame *frame, struct failure *failure);
    void *data;
    struct failure *failure; /* of this sink; when set, it gets no more */
    bool ended;
};

struct sound_fan {
    const struct job *job;
    struct sound_input *input; /* the first source, opened */
    struct chain *shared;      /* and its chain, of which those of the sinks are branches */
    struct sound_sink *sinks;
    unsigned count;
    GPtrArray *notes; /* gets what is to be said of the sources behind the first; may be NULL */
};

/* Reads all sources until the end, or until no sink needs more. False with `failure` when reading
 * failed, or a source is damaged and job->task->damaged_allow isn't set; *damage (to be freed) is a
 * sentence about damage that was allowed. */
bool sound_fan_run(const struct sound_fan *fan, char **damage, struct failure *failure);
