/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters of two poles, in double.
 *
 * Coefficients: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"
 * (W3C note "Audio EQ Cookbook"). `w` is 2π times the frequency by the sample rate, below π. */
#pragma once

#include <stdbool.h>

struct biquad {
    double b0, b1, b2, a1, a2; /* a0 = 1 */
};
/* a0 becomes 1. */
struct biquad biquad_normal(double b0, double b1, double b2, double a0, double a1, double a2);
/* A Butterworth filter of 2 · count poles, -3 dB at `w`: the cookbook's passes with
 * q = 1 / (2 sin((2k - 1) π / 4 count)), k = 1 … count. Returns count. */
int biquads_butterworth(bool high, double w, int count, struct biquad *sections);

/* What a section remembers of one channel; begins as zeros. */
struct biquad_state {
    double s1, s2;
};
/* In place. What has decayed below -600 dB is silence, so that no denormal numbers are met. */
void biquad_run(const struct biquad *section, struct biquad_state *state, double *samples,
                int count);
/* Two sounds through one section, each as biquad_run() makes it: in half of the time, for neither
 * waits for its own last sample alone. */
void biquad_run_both(const struct biquad *section, struct biquad_state *const states[2],
                     double *const samples[2], int count);
