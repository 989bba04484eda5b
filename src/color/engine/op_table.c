/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves and cubes, as their loops want them: a channel after the other; points padded so that they
 * load as one vector, and behind a cube's last point as many more, of 0, as a cell beginning there
 * would read. */
#include "loops.h"
#include "tables.h"

static struct op op_table(const struct look_table *table)
{
    struct op op = {.table_of = {.size = (int)table->size, .straight = table->straight}};
    const struct look_domain *domain = &table->domain;
    for (int c = 0; c < 3; c++) {
        op.table_of.min[c] = domain->min[c];
        op.table_of.scale[c] =
            (float)((table->size - 1) / ((double)domain->max[c] - domain->min[c]));
    }
    return op;
}

struct op op_curves(const struct look_table *table)
{
    struct op op = op_table(table);
    float *curve = g_aligned_alloc(table->size, 3 * sizeof *curve, 64);
    for (gsize i = 0; i < table->size; i++)
        for (gsize c = 0; c < 3; c++)
            curve[c * table->size + i] = table->points[i][c];
    op.apply = loops_best()->curves;
    op.table = curve;
    return op;
}

struct op op_cube(const struct look_table *table)
{
    struct op op = op_table(table);
    const gsize points = (gsize)table->size * table->size * table->size;
    const gsize past = 1 + table->size + table->size * table->size;
    point *cube = g_aligned_alloc0(points + past, sizeof *cube, 64);
    for (gsize i = 0; i < points; i++)
        cube[i] = (point){table->points[i][0], table->points[i][1], table->points[i][2], 0};
    op.apply = loops_best()->cube;
    op.table = cube;
    return op;
}

/* Where the last point of a channel stands. */
static float domain_end(const struct op *op, int c)
{
    return op->table_of.min[c] + (float)(op->table_of.size - 1) / op->table_of.scale[c];
}

bool op_join(struct op *first, const struct op *second)
{
    const struct loops *loops = loops_best();
    if (first->apply != loops->saturate || second->apply != loops->cube)
        return false;
    const struct op_saturation before = first->saturation;
    for (int c = 0; c < 3; c++)
        if (second->table_of.min[c] < before.low || domain_end(second, c) > before.high)
            return false;
    *first = *second;
    first->apply = loops->saturated_cube;
    first->table_of.before = before;
    return true;
}

void op_finish(struct op *op)
{
    g_aligned_free(op->table);
}
