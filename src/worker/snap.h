/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parts of a film at whose ends its picture can be cut without encoding it. */
#pragma once

#include "media/source.h"
#include "worker/run.h"

/* On the source's time line; to NAN = the end. */
struct cut {
    double from_s, to_s;
};
/* Moves the ends of a part outwards to where the picture can be cut: to the same frame, else by
 * `most_s` at most. False with FAIL_CONFIG and the nearest moments, counted from `zero_s`, where
 * that isn't enough. The source is read to somewhere else. */
bool cut_snap(struct source *source, struct cut *cut, double most_s, double zero_s,
              struct failure *failure);

/* What an edit list hides stays hidden: false with FAIL_CONFIG where a copy would show it. */
bool cut_hides_nothing(const struct source *source, const struct cut *cut, struct failure *failure);

/* Tells each trim of a task that may move where it will be (steps/snap.h). */
void snap_trims(const struct job *job);
