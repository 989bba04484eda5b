/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loudness of an output that needn't be metered: it was measured a moment ago, and since then
 * one gain is all that was done. */
#pragma once

#include "media/meter.h"
#include "model/task.h"

/* Kept with what was measured of a whole programme of less than 3 s, from facts that have their
 * gating blocks: the lowest loudness that one of them may have, when none is below the absolute
 * gate. */
void foreseen_keep(struct node *measured, const struct facts *facts);

/* Once the outputs are settled (settle.h). False when it isn't known exactly: a limiter, a codec or
 * another step comes after the measurement, the programme is long enough for a loudness range, a
 * sample would be clipped, or a block would come to lie on the other side of the absolute gate. */
bool foreseen_loudness(const struct task_output *output, struct loudness *out);
