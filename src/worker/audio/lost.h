/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a source has besides the sound that was taken of it. */
#pragma once

#include "model/facts.h"

/* Notes of a film, or of a tagged file. `facts` may be NULL; `no_chapters`: why the output has none
 * of it (NULL: it has, or the writer tells of cue points); `has_time`: the output keeps a timecode.
 */
void note_lost(GPtrArray *notes, const struct facts *facts, const char *no_chapters, bool has_time);
