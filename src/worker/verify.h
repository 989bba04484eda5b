/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a render claimed against what was found. */
#pragma once

#include "media/source.h"
#include "model/task.h"
#include "worker/run.h"

/* The header: streams, codecs, size, formats, colour, timecode. */
bool claim_check_header(const struct claim *claim, const struct source *source,
                        const struct facts *facts, struct failure *failure);
/* What decoding all of it counted: frames exactly, lengths within a frame. */
bool claim_check_content(const struct claim *claim, const struct source *source,
                         const struct facts *facts, struct failure *failure);
/* A file of subtitles: as many cues as were written, ending when they did. Fills `facts`. */
bool verify_cues(const struct job *job, struct facts *facts, struct failure *failure);
/* A still's size, and of an animation its frames, or where like ones became one, their time. */
bool claim_check_still(const struct claim *claim, const struct facts *facts,
                       struct failure *failure);
