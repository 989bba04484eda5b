/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation of a package: what it has of its first rung. */
#pragma once

#include "media/package.h"
#include "worker/run.h"

/* Into the claim of `made`, with a note for each stream that isn't there, as of other outputs.
 * `tracks` is what package_write() told. */
void package_table(const struct job *job, const char *container, const GPtrArray *tracks,
                   struct output_result *made);
