/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves and cubes, as their loops want them: a channel after the other; points padded so that they
 * load as one vector, and behind a cube's last point as many more, of 0, as a cell beginning there
 * would read. A cube of which pairs (tables.h) can be made has them behind that. */
#include "loops.h"
#include "tables.h"

#include <math.h>

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

/* What its first three coordinates range over. */
static struct range {
    float low, high;
} range_of(const struct look_table *table, gsize points)
{
    struct range range = {table->points[0][0], table->points[0][0]};
    for (gsize i = 0; i < points; i++)
        for (int c = 0; c < 3; c++) {
            range.low = MIN(range.low, table->points[i][c]);
            range.high = MAX(range.high, table->points[i][c]);
        }
    return range;
}

static bool is_even(const struct look_domain *domain)
{
    return domain->min[1] == domain->min[0] && domain->max[1] == domain->max[0] &&
           domain->min[2] == domain->min[0] && domain->max[2] == domain->max[0];
}

/* A step beyond the end of red counts nothing, whatever it is. */
static void set_pair(const struct op *op, const point *cube, gsize i, gsize points, gint16 pair[8])
{
    const double unit = (double)op->table_of.unit * PAIR_CELL;
    const gsize next = MIN(i + 1, points - 1);
    for (int c = 0; c < 3; c++) {
        const long own = lrint(((double)cube[i][c] - op->table_of.low) / unit),
                   along = lrint(((double)cube[next][c] - op->table_of.low) / unit);
        pair[2 * c] = (gint16)own;
        pair[2 * c + 1] = (gint16)(along - own);
    }
}

/* Nor does what is across beyond the end of green or blue. */
static void fill_pairs(const struct op *op, const point *cube, gsize points, gint16 (*pairs)[2][8])
{
    const gsize size = (gsize)op->table_of.size, across = size + size * size;
    for (gsize i = 0; i < points; i++) {
        set_pair(op, cube, i, points, pairs[i][0]);
        if (i >= across)
            memcpy(pairs[i - across][1], pairs[i][0], sizeof pairs[i][0]);
    }
}

struct op op_cube(const struct look_table *table)
{
    struct op op = op_table(table);
    const gsize points = (gsize)table->size * table->size * table->size;
    const gsize all = points + 1 + table->size + table->size * table->size;
    const struct range range = range_of(table, points);
    const float wide = range.high - range.low;
    const bool coarse = wide > 0 && wide <= PAIR_RANGE && is_even(&table->domain);
    point *cube = g_aligned_alloc0(coarse ? 3 * all : all, sizeof *cube, 64);
    for (gsize i = 0; i < points; i++)
        cube[i] = (point){table->points[i][0], table->points[i][1], table->points[i][2], 0};
    op.apply = loops_best()->cube;
    op.table = cube;
    if (!coarse)
        return op;
    op.coarse = loops_best()->pair_cube;
    op.table_of.pairs = cube + all;
    op.table_of.low = range.low;
    op.table_of.unit = wide / PAIR_MOST / PAIR_CELL;
    fill_pairs(&op, cube, points, (gint16(*)[2][8])(cube + all));
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
    first->coarse = second->coarse ? loops->saturated_pair_cube : NULL;
    first->table_of.before = before;
    return true;
}

void op_finish(struct op *op)
{
    g_aligned_free(op->table);
}
