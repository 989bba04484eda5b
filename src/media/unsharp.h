/* SPDX-License-Identifier: GPL-3.0-or-later
 * Unsharp masking, the same numbers for frames and stills. */
#pragma once

enum { UNSHARP_TAPS_MAX = 61 };

/* A Gaussian of `radius` (its standard deviation, pixels; at most 10), cut off at three of it; taps
 * add up to 1. Returns how many, an odd number. */
int unsharp_taps(double radius, float taps[UNSHARP_TAPS_MAX]);
