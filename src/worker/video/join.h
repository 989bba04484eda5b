/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that follow one another in one render. The first is the render's own source: it gives rate,
 * size, format, colours and sound, and its shared steps are followed by what the outputs do to all.
 * Each of the others is read in turn, goes through its own shared steps, and is conformed to it.
 *
 * Pictures come at the first's constant rate, so that frames are counted: film k begins with frame
 * N1 + N2 + … of the whole. The sound of each film is cut, or filled with silence, to the sample
 * nearest to the end of its last picture, counted from the start of all: no drift collects.
 *
 * All of it happens in the thread that reads. */
#pragma once

#include "render.h"
#include "steps/programme.h"

/* After the first's shared steps are built, before the branches are opened. `give` takes a message
 * to all branches. NULL with `failure`. */
struct joining *joining_create(struct render *first,
                               void (*give)(struct render *render, struct message *message),
                               struct failure *failure);
void joining_destroy(struct joining *joining); /* accepts NULL */

/* A message out of the shared steps of the first or another film. Takes it. */
void joining_take(struct joining *joining, const struct render *render, struct message *message);
/* After the first was read: ends it, and runs the others. False when one can't be read, or is
 * damaged; `failure` names it. */
bool joining_run(struct joining *joining, struct failure *failure);
/* A chapter for each film, with its name, as long as its facts say. */
bool joining_chapters(struct branch *branch);
/* What is to be said of the films behind the first: char *. */
const GPtrArray *joining_notes(const struct joining *joining);
/* What they lost, for the table of preservation: struct carried_row. For the branches, once they
 * are told to finish. */
const GPtrArray *joining_rows(const struct joining *joining);

/* join_lost.c. Adds a row and a note for each track of a film behind the first that the output has
 * no place for, and for transparency that the first has none of, and a note for silence and
 * chapters. Its shared tracks are numbered, and none is left out yet. */
void join_losses(const struct render *part, const struct render *first, GPtrArray *rows,
                 GPtrArray *notes);
