/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation of a file of sound. */
#pragma once

#include "worker/run.h"

/* After it was written to `fd`: into its claim, which says what it holds. `has_time`: it keeps a
 * timecode. `tags`: what steps edited. */
void sound_table(const struct job *job, const char *container, int fd, bool has_time,
                 GHashTable *tags, struct claim *claim);
