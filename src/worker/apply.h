/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps on chains: the face of each step that has one for the chain's kind is run on it. */
#pragma once

#include "media/chain_run.h"
#include "worker/run.h"

/* Runs the faces of `steps` that exist for the chain's kind. Collects metadata in `tags`. */
bool apply_steps(struct chain *chain, const struct job *job, const GPtrArray *steps,
                 GHashTable *tags, struct failure *failure);
/* ASIDE: steps that are about sound alone are passed over. */
enum steps_for { STEPS_ALL, STEPS_ASIDE };
bool apply_those(struct chain *chain, const struct job *job, const GPtrArray *steps,
                 enum steps_for whom, GHashTable *tags, struct failure *failure);
GHashTable *tags_new(void);
