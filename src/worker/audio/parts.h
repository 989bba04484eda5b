/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sources of a task one by one: where they are joined, each goes through the shared steps on
 * its own, and those behind the first come out in its rate, layout and sample format. Failures name
 * the source, where there are several. */
#pragma once

#include "input.h"

/* The start of a source's chain, and the shared steps. Of what is joined, the first's knows how
 * long all is. `tags` is what the steps set. */
struct chain *sound_part_chain(const struct sound_input *input, const struct job *job,
                               unsigned part, GHashTable *tags, struct failure *failure);

/* One behind the first. */
struct sound_part {
    struct sound_input input;
    struct chain *chain;
};
bool sound_part_open(struct sound_part *of, const struct job *job, unsigned part,
                     const struct chain *first, struct failure *failure);
void sound_part_close(struct sound_part *of);

/* Which files were joined, in their order. */
void sound_parts_note(const struct job *job, GPtrArray *notes);
/* What was done to this one and not to the first, and what was left out of it. */
void sound_part_note(const struct sound_part *of, const struct job *job, unsigned part,
                     const struct sound_input *first, const struct chain *chain, GPtrArray *notes);

/* Adds the texts; where sources are joined, with the name of this one. */
void sound_part_say(const struct task *task, unsigned part, const GPtrArray *texts,
                    GPtrArray *notes);
/* "takes/part2.wav: " before the sentence, where sources are joined. */
void sound_part_blame(const struct task *task, unsigned part, struct failure *failure);
/* The source as the user knows it; caller frees. */
char *sound_part_name(const struct task *task, unsigned part);
