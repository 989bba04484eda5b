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
    bool retimed;                /* its times aren't the source's: it has no cue points */
    GHashTable *tags;            /* what steps edited */
};

/* After it was written: into its claim, which says what it holds. */
void sound_table(const struct job *job, const struct sound_made *made, struct claim *claim);
