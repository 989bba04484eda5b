/* SPDX-License-Identifier: GPL-3.0-or-later
 * A film beside its golden: where it differs most, as far as the golden knows. Like is held to
 * like: what a golden keeps of a frame, the small picture in its strip or the mean colours of its
 * cells, to the same made of the same frame of now. */
#pragma once

#include "media/frame.h"
#include "model/failure.h"
#include "model/golden.h"

struct drift;
/* Both borrowed, the strip a PNG of golden_moments() pictures side by side. NULL with `failure`. */
struct drift *drift_create(const struct golden *old, int strip_fd, struct failure *failure);
void drift_destroy(struct drift *drift); /* accepts NULL */
/* The frame of that number, and what it is in the numbers of a golden. */
void drift_take(struct drift *drift, const AVFrame *frame, const struct golden_frame *seen,
                int64_t number);
/* Draws the frame that differs most: what the golden has of it, the same of now, and their
 * difference, enlarged alike, as a PNG; *text is the caption (caller frees). Where none of what is
 * kept differs nothing is drawn, *text says so, and *drawn is false. False with `failure`. */
bool drift_draw(const struct drift *drift, const struct facts *facts, int fd, bool *drawn,
                char **text, struct failure *failure);
