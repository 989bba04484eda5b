/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs that aim at what is heard of them. */
#pragma once

#include "worker/run.h"

/* Where an output's steps aim at how its sound is heard (loudness), and later steps, a limiter or a
 * lossy codec stand between, the sound is made as a trial, heard and corrected, before the output
 * is rendered. What was found is put with the step's `measured`. All outputs are tried in one pass
 * through the source, as often as the one that needs most. An output that can't be settled has its
 * failure; false and result->failure when the source can't be read. */
bool settle_outputs(const struct job *job, struct result *result);
