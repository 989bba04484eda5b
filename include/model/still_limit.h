/* SPDX-License-Identifier: GPL-3.0-or-later
 * How large a still may be: a rule on its header, so that nothing is decoded of one that isn't. */
#pragma once

#include "model/facts.h"
#include "model/failure.h"

enum { MEGAPIXELS_MAX = 1000000 };

/* Of who says nothing: $RUSHES_MAX_MEGAPIXELS; 0: that says nothing either. */
unsigned still_limit_asked(void);

/* Judges the pixels of all pages, and their bytes, of which a pixel of the limit has 4. Of what is
 * too large FAIL_UNSUPPORTED, of what is empty FAIL_INPUT_DAMAGED. `megapixels` 0: 268 402 689
 * pixels, 16383 squared, as sharp has it. */
bool still_fits(unsigned megapixels, int width, int height, int pages, double pixel_bytes,
                struct failure *failure);
/* The same by the facts of a file: of a still its first page alone, for not all outputs take more.
 * Other files fit. */
bool still_facts_fit(unsigned megapixels, const struct facts *facts, struct failure *failure);
int still_bands(const struct facts *facts); /* 3 where unknown */
/* Of a decoded pixel: whole bytes a sample. */
int still_pixel_bytes(const struct facts *facts);
