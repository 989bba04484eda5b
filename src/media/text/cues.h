/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cue points of a WAVE file, their labels and notes (chunks `cue ` and LIST of type adtl:
 * Multimedia Programming Interface 1.0), moved to where they are in a part of the programme. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* How samples of the source become those of the output. */
struct cue_move {
    double cut;     /* samples of the source before the new start */
    double ratio;   /* samples of the output for one of the source */
    int64_t frames; /* of the output; what lies behind is outside */
};

/* A point more; `cues` and `labels` begin empty. An empty name has no label. */
void cue_add(GByteArray *cues, GByteArray *labels, uint32_t position, const char *name);
/* The points that are left; NULL: none, or not such a chunk. Ids of those outside go to `gone`
 * (guint32). */
GBytes *cues_moved(GBytes *chunk, const struct cue_move *move, GArray *gone);
/* The list without what belongs to those; lengths of regions are scaled. NULL: nothing is left. */
GBytes *cue_labels_kept(GBytes *chunk, const struct cue_move *move, const GArray *gone);
