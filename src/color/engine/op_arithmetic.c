/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of a CDL, and matrices: their numbers. */
#include "loops.h"
#include "tables.h"

#include <math.h>

/* The polynomial through `y` at `x`, by divided differences; `y` is used up. */
static void interpolate(int count, const double *x, double *y, float *polynomial)
{
    double sum[POWER_NODES] = {0};
    for (int order = 1; order < count; order++)
        for (int i = count - 1; i >= order; i--)
            y[i] = (y[i] - y[i - 1]) / (x[i] - x[i - order]);
    for (int k = count - 1; k >= 0; k--) {
        for (int i = count - 1; i > 0; i--)
            sum[i] = sum[i - 1] - x[k] * sum[i];
        sum[0] = y[k] - x[k] * sum[0];
    }
    for (int i = 0; i < count; i++)
        polynomial[i] = (float)sum[i];
}

/* Chebyshev's, from -1 to 1. */
static double node(int i, int count)
{
    return -cos((2 * i + 1) * G_PI / (2 * count));
}

/* (1 + t)^p is 1 + t * (a polynomial), here through its values at Chebyshev's nodes between 0 and
 * `most`. */
static void set_factor(double exponent, double most, int count, float *factor)
{
    double t[POWER_NODES], y[POWER_NODES];
    for (int i = 0; i < count; i++) {
        t[i] = most / 2 * (1 + node(i, count));
        y[i] = (pow(1 + t[i], exponent) - 1) / t[i];
    }
    interpolate(count, t, y, factor);
}

/* m^p from 1 to 2, of which the nodes are widened to have both ends: so octaves meet. */
static void set_coarse_factor(double exponent, int count, float *factor)
{
    double m[POWER_NODES], y[POWER_NODES];
    for (int i = 0; i < count; i++) {
        m[i] = 1.5 + 0.5 * node(i, count) / node(count - 1, count);
        y[i] = pow(m[i], exponent);
    }
    interpolate(count, m, y, factor);
}

/* Octaves are counted so that the one below 1 has no factor: 1 is the last of eight, twice. */
static void set_power(struct op_channel *channel, double exponent)
{
    channel->exponent = (float)exponent;
    channel->usual = exponent >= POWER_EXPONENT_LOW && exponent <= POWER_EXPONENT_HIGH;
    for (int i = 0; i < 8; i++) {
        const int eight = POWER_FIRST / 8 + i;
        channel->eighths[i] = (float)pow(1.0 / (double)power_reciprocals[i], exponent);
        channel->octaves[i] = (float)exp2(exponent * (i - 7));
        channel->eights[eight % 8] = i ? (float)exp2(exponent * (8 * eight + 7 - 127)) : 0;
        channel->fours[i] = i ? (float)exp2(exponent * 4 * (i - 7)) : 0;
    }
    set_factor(exponent, POWER_PART, G_N_ELEMENTS(channel->eighth_factor), channel->eighth_factor);
    set_factor(exponent, 1, G_N_ELEMENTS(channel->octave_factor), channel->octave_factor);
    set_coarse_factor(exponent, G_N_ELEMENTS(channel->coarse_factor), channel->coarse_factor);
}

struct op op_affine(const double slope[3], const double offset[3], const double exponent[3],
                    double low, double high)
{
    struct op op = {.apply = loops_best()->affine,
                    .coarse = loops_best()->coarse_affine,
                    .affine = {.low = (float)low, .high = (float)high}};
    for (int c = 0; c < 3; c++) {
        op.affine.channel[c].slope = (float)slope[c];
        op.affine.channel[c].offset = (float)offset[c];
        set_power(&op.affine.channel[c], exponent[c]);
    }
    return op;
}

struct op op_saturate(double saturation, double low, double high)
{
    struct op op = {
        .apply = loops_best()->saturate,
        .saturation = {.own = (float)saturation, .low = (float)low, .high = (float)high}};
    for (int c = 0; c < 3; c++)
        op.saturation.grey[c] = (float)((1 - saturation) * cdl_luma[c]);
    return op;
}

struct op op_matrix(const struct look_matrix *matrix)
{
    struct op op = {.apply = loops_best()->matrix};
    for (int row = 0; row < 3; row++) {
        op.matrix.offset[row] = (float)matrix->offset[row];
        for (int column = 0; column < 3; column++)
            op.matrix.factor[row][column] = (float)matrix->factor[row][column];
    }
    return op;
}
