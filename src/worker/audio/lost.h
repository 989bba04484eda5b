/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a source has besides the sound that was taken of it. */
#pragma once

#include "model/facts.h"

/* Notes of a film, or of a tagged file. The writer tells of what is in sound files, where chapters
 * are cue points. `facts` may be NULL; `has_time`: the output keeps a timecode. */
void note_lost(GPtrArray *notes, const struct facts *facts, bool from_sound_file, bool has_time);
