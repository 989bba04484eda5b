/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oversample.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { LANES = OVERSAMPLE_GROUP };

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

/* h - line is the second difference of q: how much of the signal's second differences a phase
 * adds. Line and taps have the same sum and first moment. */
static void bound_phase(struct oversampler *oversampler, const float *taps)
{
    double sum = 0, moment = 0, first = 0, second = 0, curved = 0;
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        sum += taps[k];
        moment += taps[k] * (k - (OVERSAMPLE_AHEAD - 1.0));
    }
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        double line = k == OVERSAMPLE_AHEAD - 1 ? sum - moment : k == OVERSAMPLE_AHEAD ? moment : 0;
        first += taps[k] - line;
        second += first;
        curved += fabs(second);
    }
    oversampler->straight = fmaxf(oversampler->straight, (float)sum);
    oversampler->curved = fmaxf(oversampler->curved, (float)curved);
}

static void make_phase(struct oversampler *oversampler, int phase)
{
    double taps[OVERSAMPLE_TAPS], sum = 0;
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        taps[k] =
            windowed_sinc(k - (OVERSAMPLE_AHEAD - 1) - (phase + 1) / (OVERSAMPLE_PHASES + 1.0));
        sum += taps[k];
    }
    for (int k = 0; k < OVERSAMPLE_TAPS; k++)
        oversampler->taps[phase][k] = (float)(taps[k] / sum);
    bound_phase(oversampler, oversampler->taps[phase]);
}

/* Eight floats at once, in one register or in two; wherever floats may be. */
typedef float octet __attribute__((vector_size(32), aligned(4), may_alias));
enum { OCTET = 8 };
G_STATIC_ASSERT(OVERSAMPLE_GROUP == 2 * OCTET);

static inline __attribute__((always_inline)) void group_in_octets(const float taps[OVERSAMPLE_TAPS],
                                                                  const float *samples,
                                                                  float between[OVERSAMPLE_GROUP])
{
    octet first = {0}, second = {0};
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        first += taps[k] * *(const octet *)(samples + k);
        second += taps[k] * *(const octet *)(samples + k + OCTET);
    }
    *(octet *)between = first;
    *(octet *)(between + OCTET) = second;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

/* A register holds each sum, and a sample is read once for all phases. */
static inline __attribute__((always_inline)) float
highest_in_octets(const float taps[OVERSAMPLE_PHASES][OVERSAMPLE_TAPS], const float *samples)
{
    octet sums[OVERSAMPLE_PHASES][2] = {0};
    float highest[OCTET] = {0}, most = 0;
    for (int k = 0; k < OVERSAMPLE_TAPS; k++) {
        const octet first = *(const octet *)(samples + k);
        const octet second = *(const octet *)(samples + k + OCTET);
        for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++) {
            sums[phase][0] += taps[phase][k] * first;
            sums[phase][1] += taps[phase][k] * second;
        }
    }
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++)
        for (int i = 0; i < OCTET; i++)
            highest[i] =
                greater(fabsf(sums[phase][0][i]), greater(fabsf(sums[phase][1][i]), highest[i]));
    for (int i = 0; i < OCTET; i++)
        most = greater(highest[i], most);
    return most;
}

static inline __attribute__((always_inline)) struct stretch stretch_in_lanes(const float *samples,
                                                                             int count)
{
    float sample[LANES] = {0}, curve[LANES] = {0};
    int i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            const float *at = samples + i + lane;
            sample[lane] = greater(fabsf(at[0]), sample[lane]);
            curve[lane] = greater(fabsf(at[0] - 2 * at[-1] + at[-2]), curve[lane]);
        }
    struct stretch stretch = {0, 0};
    for (; i < count; i++) {
        const float *at = samples + i;
        stretch.highest = greater(fabsf(at[0]), stretch.highest);
        stretch.bend = greater(fabsf(at[0] - 2 * at[-1] + at[-2]), stretch.bend);
    }
    for (int lane = 0; lane < LANES; lane++) {
        stretch.highest = greater(sample[lane], stretch.highest);
        stretch.bend = greater(curve[lane], stretch.bend);
    }
    return stretch;
}

static void group_plain(const float taps[OVERSAMPLE_TAPS], const float *samples,
                        float between[OVERSAMPLE_GROUP])
{
    group_in_octets(taps, samples, between);
}

static float highest_plain(const float taps[OVERSAMPLE_PHASES][OVERSAMPLE_TAPS],
                           const float *samples)
{
    return highest_in_octets(taps, samples);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
group_avx2(const float taps[OVERSAMPLE_TAPS], const float *samples, float between[OVERSAMPLE_GROUP])
{
    group_in_octets(taps, samples, between);
}

__attribute__((target("avx2"))) static float
highest_avx2(const float taps[OVERSAMPLE_PHASES][OVERSAMPLE_TAPS], const float *samples)
{
    return highest_in_octets(taps, samples);
}

__attribute__((target("avx2"))) static struct stretch stretch_avx2(const float *samples, int count)
{
    return stretch_in_lanes(samples, count);
}
#endif

static void choose_group(struct oversampler *oversampler)
{
    oversampler->group = group_plain;
    oversampler->highest = highest_plain;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        oversampler->group = group_avx2;
        oversampler->highest = highest_avx2;
    }
#endif
}

void oversampler_init(struct oversampler *oversampler)
{
    choose_group(oversampler);
    oversampler->straight = oversampler->curved = 0;
    for (int phase = 0; phase < OVERSAMPLE_PHASES; phase++)
        make_phase(oversampler, phase);
}

void oversample(const struct oversampler *oversampler, int phase, const float *samples,
                float between[OVERSAMPLE_BLOCK])
{
    for (int i = 0; i < OVERSAMPLE_BLOCK; i += OVERSAMPLE_GROUP)
        oversampler->group(oversampler->taps[phase], samples + i, between + i);
}

struct stretch stretch_of(const float *samples, int count)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        return stretch_avx2(samples, count);
#endif
    return stretch_in_lanes(samples, count);
}

float oversample_ends(const float *samples)
{
    float highest[LANES], most = fabsf(samples[LANES]);
    for (int lane = 0; lane < LANES; lane++)
        highest[lane] = fabsf(samples[lane]);
    for (int lane = 0; lane < LANES; lane++)
        most = greater(highest[lane], most);
    return most;
}

float oversampler_most(const struct oversampler *oversampler, struct stretch stretch)
{
    float exact = oversampler->straight * stretch.highest + oversampler->curved * stretch.bend;
    return exact * 1.00002F; /* more than rounding adds: 48 · 2^-24 · 2.6 */
}
