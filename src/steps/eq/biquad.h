/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters of two poles, in double.
 *
 * Coefficients: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"
 * (W3C note "Audio EQ Cookbook"). A Butterworth filter of 2n poles is n of its passes with
 * q = 1 / (2 sin((2k - 1) π / 4n)), k = 1 … n. */
#pragma once

#include "eq.h"

enum { BIQUADS_MAX = 4 };

struct biquad {
    double b0, b1, b2, a1, a2; /* a0 = 1 */
};
/* The sections of a band at a sample rate above 2 · at_hz; how many there are. */
int biquads_design(const struct eq *eq, int rate_hz, struct biquad sections[BIQUADS_MAX]);

/* What a section remembers of one channel; begins as zeros. */
struct biquad_state {
    double s1, s2;
};
/* In place. What has decayed below -600 dB is silence, so that no denormal numbers are met. */
void biquad_run(const struct biquad *section, struct biquad_state *state, double *samples,
                int count);
