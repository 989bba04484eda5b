/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of a CDL, and matrices: their numbers. */
#include "loops.h"
#include "tables.h"

#include <math.h>

/* (1 + t)^p is 1 + t * (a polynomial), here through its values at Chebyshev's nodes between 0 and
 * `most`, by divided differences. */
static void set_factor(double exponent, double most, int count, float *factor)
{
    double t[POWER_NODES], y[POWER_NODES], sum[POWER_NODES] = {0};
    for (int i = 0; i < count; i++) {
        t[i] = most / 2 * (1 - cos((2 * i + 1) * G_PI / (2 * count)));
        y[i] = (pow(1 + t[i], exponent) - 1) / t[i];
    }
    for (int order = 1; order < count; order++)
        for (int i = count - 1; i >= order; i--)
            y[i] = (y[i] - y[i - 1]) / (t[i] - t[i - order]);
    for (int k = count - 1; k >= 0; k--) {
        for (int i = count - 1; i > 0; i--)
            sum[i] = sum[i - 1] - t[k] * sum[i];
        sum[0] = y[k] - t[k] * sum[0];
    }
    for (int i = 0; i < count; i++)
        factor[i] = (float)sum[i];
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
}

struct op op_affine(const double slope[3], const double offset[3], const double exponent[3],
                    double low, double high)
{
    struct op op = {.apply = loops_best()->affine,
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
