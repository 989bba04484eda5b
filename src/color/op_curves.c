/* SPDX-License-Identifier: GPL-3.0-or-later
 * Look-ups in curves, linearly. */
#include "op.h"

/* Where a value stands between table points: `index` and `index` + 1, `part` of the way. */
struct place {
    int index;
    float part;
};

/* Outside the domain its ends; NaN its lower end. */
INLINED struct place place_of(float value, float min, float scale, int size)
{
    float at = (value - min) * scale;
    at = at > 0 ? at : 0;
    at = at < (float)(size - 1) ? at : (float)(size - 1);
    int index = (int)at;
    index = index < size - 2 ? index : size - 2;
    return (struct place){index, at - (float)index};
}

struct op op_table(const struct look_table *table)
{
    struct op op = {.table_of.size = (int)table->size};
    const struct look_domain *domain = &table->domain;
    for (int c = 0; c < 3; c++) {
        op.table_of.min[c] = domain->min[c];
        op.table_of.scale[c] =
            (float)((table->size - 1) / ((double)domain->max[c] - domain->min[c]));
    }
    return op;
}

INLINED void curves_loop(const struct op *op, float *const rgb[3], gsize count)
{
    const int size = op->table_of.size;
    for (int c = 0; c < 3; c++) {
        float *restrict v = rgb[c];
        const float *const curve = (const float *)op->table + (gsize)c * (gsize)size;
        const float min = op->table_of.min[c], scale = op->table_of.scale[c];
        for (gsize i = 0; i < count; i++) {
            const struct place at = place_of(v[i], min, scale, size);
            v[i] = curve[at.index] * (1 - at.part) + curve[at.index + 1] * at.part;
        }
    }
}

OP_PATHS(curves_loop)

struct op op_curves(const struct look_table *table)
{
    struct op op = op_table(table);
    float *curve = g_aligned_alloc(table->size, 3 * sizeof *curve, 64);
    for (gsize i = 0; i < table->size; i++)
        for (gsize c = 0; c < 3; c++)
            curve[c * table->size + i] = table->points[i][c];
    op.apply = curves_loop_best();
    op.table = curve;
    return op;
}

void op_finish(struct op *op)
{
    g_aligned_free(op->table);
}
