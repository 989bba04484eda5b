/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long `fade` takes at both ends: the same for picture and sound. */
#pragma once

#include "fade.h"
#include "steps/faces.h"

struct fade_lengths {
    double in_s, out_s; /* 0: none */
    double out_start_s; /* where the end begins to fade */
    bool too_long;      /* both together are longer than all there is: neither is done */
};

/* `seen`: of a picture or beside one, with which it ends; else of sound alone, up to its own end.
 */
bool fade_lengths(const struct fade *fade, const struct face_env *env, bool seen,
                  struct fade_lengths *out, struct failure *failure);
/* What was done, for the report. */
void fade_note(struct chain *chain, const struct fade_lengths *lengths);
