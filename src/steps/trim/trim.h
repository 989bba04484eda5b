/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `trim` takes: where a programme begins and ends. */
#pragma once

#include "model/step.h"
#include "model/timeline.h"

struct trim {
    struct position from, to, length;
    double snap_s;
    bool smart;
};

/* What a worker tells of one that snaps, once it has looked where the picture can be cut: seconds
 * of the programme before it, no TRIM_TO_S where it is kept to its end; or only why it can't be. */
#define TRIM_FROM_S "from_s"
#define TRIM_TO_S "to_s"
#define TRIM_REFUSED "refused"

/* What is asked to be kept: [from, to). A `to` or `length` past the end is no end (NAN), since the
 * last frame may begin where the declared duration ends; *clipped then says so. NULL, or why there
 * is no such part, to be freed. */
char *trim_find(const struct trim *trim, const struct timeline *programme, double *from_s,
                double *to_s, bool *clipped);

extern const struct step trim_step;
