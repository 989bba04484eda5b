/* SPDX-License-Identifier: GPL-3.0-or-later
 * Three channels from three. */
#include "op.h"

#include <float.h>

INLINED void matrix_loop(const struct op *op, float *const rgb[3], gsize count)
{
    float *restrict r = rgb[0], *restrict g = rgb[1], *restrict b = rgb[2];
    const float(*const m)[3] = op->matrix.factor, *const offset = op->matrix.offset;
    for (gsize i = 0; i < count; i++) {
        const float in_r = r[i], in_g = g[i], in_b = b[i];
        r[i] =
            bound(m[0][0] * in_r + m[0][1] * in_g + m[0][2] * in_b + offset[0], -FLT_MAX, FLT_MAX);
        g[i] =
            bound(m[1][0] * in_r + m[1][1] * in_g + m[1][2] * in_b + offset[1], -FLT_MAX, FLT_MAX);
        b[i] =
            bound(m[2][0] * in_r + m[2][1] * in_g + m[2][2] * in_b + offset[2], -FLT_MAX, FLT_MAX);
    }
}

OP_PATHS(matrix_loop)

struct op op_matrix(const struct look_matrix *matrix)
{
    struct op op = {.apply = matrix_loop_best()};
    for (int row = 0; row < 3; row++) {
        op.matrix.offset[row] = (float)matrix->offset[row];
        for (int column = 0; column < 3; column++)
            op.matrix.factor[row][column] = (float)matrix->factor[row][column];
    }
    return op;
}
