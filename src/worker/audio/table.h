/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation of a file of sound. */
#pragma once

#include "media/source.h"
#include "model/kind.h"
#include "worker/run.h"

/* A file of sound as it was written. */
struct sound_made {
    const struct container *container;
    int fd;
    const struct source *source; /* a film; NULL: a file of sound */
    const char *layout;          /* "stereo" */
    bool has_time;               /* it keeps a timecode */
    const char *no_chapters;     /* why it has neither cue points nor chapters; NULL: it may have */
    GHashTable *tags;            /* what steps edited */
};

/* Why such an output has neither cue points nor chapters of its source; NULL: it may have. */
const char *sound_no_chapters(const struct container *container, const struct chain *chain);
/* After it was written: into its claim, which says what it holds. */
void sound_table(const struct job *job, const struct sound_made *made, struct claim *claim);
