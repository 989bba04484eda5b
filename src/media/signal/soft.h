/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plane of float samples under a Gaussian, the same numbers for frames and stills, in a time that
 * hardly grows with its size: each axis is reduced by a power of two as long as four cells are left
 * a standard deviation, blurred there, and interpolated.
 *
 * Reducing by Burt's filter (Burt and Adelson, The Laplacian Pyramid, 1983), 1 4 6 4 1 of 16 at
 * each octave, blurs by a variance of (times^2 - 1) / 3 pixels, which the Gaussian of the cells has
 * less. Catmull and Rom's cubic adds none. Against all taps in double the error on the worst
 * picture, a sharp edge, is below half a code of 8 bits; a flat plane stays flat. */
#pragma once

#include "base/slices.h"

#include <stdbool.h>

struct soft;
/* Whether an axis of this standard deviation is reduced; if not, all taps are taken. */
bool soft_is_reduced(double sigma);
/* Of planes up to this size; standard deviations in samples. Never NULL. */
struct soft *soft_create(int width, int height, double across, double down);
void soft_destroy(struct soft *soft); /* accepts NULL */

/* Takes `height` rows: `fetch` writes row y, of the plane's width, and is called from several
 * threads. Afterwards the plane itself isn't looked at any more. */
void soft_take(struct soft *soft, struct slices *slices, int height,
               void (*fetch)(void *data, int y, float *row), void *data);
/* Row y of what was taken, blurred. From any thread. */
void soft_row(const struct soft *soft, int y, float *row);
