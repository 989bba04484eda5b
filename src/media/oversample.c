/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oversample.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { LANES = 16 };

static const double BETA = 5;

/* Modified Bessel function of the first kind, order 0, by its series. */
static double bessel_i0(double x)
{
    double term = 1, sum = 1;
    for (int k = 1; term > 1e-12 * sum; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

static double windowed_sinc(double x)
{
    double at = x / OVERSAMPLE_AHEAD;
    return sin(G_PI * x) / (G_PI * x) * bessel_i0(BETA * sqrt(fmax(1 - at * at, 0)));
}

static void make_phase(struct oversampler *oversampler, int phase)
{
    double taps[OVERSAMPLE_TAPS], sum = 0, absolute = 0;
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        taps[k] =
            windowed_sinc(k - (OVERSAMPLE_AHEAD - 1) - (phase + 1) / (OVERSAMPLE_PHASES + 1.0));
        sum += taps[k];
    }
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        oversampler->taps[phase][k] = (float)(taps[k] / sum);
        absolute += fabs(taps[k] / sum);
    }
    float rounded = (float)absolute * 1.001F; /* above what rounding can add to the sums */
    oversampler->most = fmaxf(oversampler->most, rounded);
}

void oversampler_init(struct oversampler *oversampler)
{
    oversampler->most = 0;
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++)
        make_phase(oversampler, phase);
}

/* In lanes, which the compiler makes one instruction of. */
void oversample(const struct oversampler *oversampler, int phase, const float *samples,
                float between[OVERSAMPLE_BLOCK])
{
    const float *taps = oversampler->taps[phase];
    for (int i = 0; i < OVERSAMPLE_BLOCK; i += LANES) {
        float sums[LANES] = {0};
        for (int k = 0; k < OVERSAMPLE_TAPS; k++)
            for (int lane = 0; lane < LANES; lane++)
                sums[lane] += taps[k] * samples[i + k + lane];
        memcpy(between + i, sums, sizeof sums);
    }
}
