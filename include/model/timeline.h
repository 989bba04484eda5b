/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the moments of a programme are counted in: the plan asks a source for them, a run what the
 * steps before have left of it, in the same words. */
#pragma once

#include "base/unit.h"

struct facts; /* model/facts.h */

struct timeline {
    double duration_s;    /* NAN unknown */
    double picture_s;     /* of its picture alone, from which a count from the end and a percentage
                             are taken, for its sound as well; NAN unknown, or none */
    struct rational fps;  /* 0/1 unknown */
    const char *timecode; /* of the first frame, borrowed; NULL none */
};

/* Borrows from `facts`. */
struct timeline timeline_of(const struct facts *facts);
/* How long something is seen: its picture's length where that is known, else the whole's; NAN
 * unknown. */
double timeline_seen_s(const struct timeline *timeline);
/* Puts a position into *seconds; NONE leaves that. Else why it can't be known or lies outside, in
 * words that begin with the parameter `what`, to be freed. */
char *timeline_find(const struct timeline *timeline, const struct position *position,
                    const char *what, double *seconds);
