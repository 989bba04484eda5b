/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of a CDL, and matrices: their numbers. */
#include "loops.h"

struct op op_affine(const double slope[3], const double offset[3], const double exponent[3],
                    double low, double high)
{
    struct op op = {.apply = loops_best()->affine,
                    .affine = {.low = (float)low, .high = (float)high}};
    for (int c = 0; c < 3; c++) {
        op.affine.slope[c] = (float)slope[c];
        op.affine.offset[c] = (float)offset[c];
        op.affine.exponent[c] = (float)exponent[c];
    }
    return op;
}

struct op op_saturate(double saturation, double low, double high)
{
    struct op op = {
        .apply = loops_best()->saturate,
        .saturate = {.saturation = (float)saturation, .low = (float)low, .high = (float)high}};
    for (int c = 0; c < 3; c++)
        op.saturate.weights[c] = (float)cdl_luma[c];
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
