/* SPDX-License-Identifier: GPL-3.0-or-later
 * Look-ups: curves linearly, cubes tetrahedrally. */
#include "op.h"

#include <string.h>

/* A point of a cube, padded so that it loads as one vector. */
typedef float point __attribute__((vector_size(16)));

/* Where a value stands between table points: `index` and `index` + 1, `part` of the way. */
struct place {
    int index;
    float part;
};

/* Outside the domain its ends; NaN its lower end. */
static inline struct place place_of(float value, float min, float scale, int size)
{
    float at = (value - min) * scale;
    at = at > 0 ? at : 0;
    at = at < (float)(size - 1) ? at : (float)(size - 1);
    int index = (int)at;
    index = index < size - 2 ? index : size - 2;
    return (struct place){index, at - (float)index};
}

static struct op op_table(const struct lut_domain *domain, unsigned size)
{
    struct op op = {.table_of.size = (int)size};
    for (int c = 0; c < 3; c++) {
        op.table_of.min[c] = domain->min[c];
        op.table_of.scale[c] = (float)((size - 1) / ((double)domain->max[c] - domain->min[c]));
    }
    return op;
}

static void apply_curve(const struct op *op, float *const rgb[3], gsize count)
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

struct op op_curve(const struct lut *lut)
{
    struct op op = op_table(&lut->curve_domain, lut->curve_size);
    float *curve = g_aligned_alloc(lut->curve_size, 3 * sizeof *curve, 64);
    for (gsize i = 0; i < lut->curve_size; i++)
        for (gsize c = 0; c < 3; c++)
            curve[c * lut->curve_size + i] = lut->curve[i][c];
    op.apply = apply_curve;
    op.table = curve;
    return op;
}

static inline float larger(float a, float b)
{
    return a > b ? a : b;
}

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* condition ? yes : no, without the branch that picture noise would have mispredicted. */
static inline int choose(bool condition, int yes, int no)
{
    return no ^ ((no ^ yes) & -(int)condition);
}

/* The cell's cube is cut into six tetrahedra by the order of the three parts. The path from its
 * low corner to its high corner goes along the axis with the largest part first and the smallest
 * last; the four corners on that path are the tetrahedron. Equal parts may be taken in any order:
 * the corner between them weighs nothing. */
static inline point interpolate(const point *cube, int size, struct place r, struct place g,
                                struct place b)
{
    const int step_g = size, step_b = size * size;
    const point *low = cube + r.index + g.index * step_g + (gsize)b.index * (gsize)step_b;

    const float rg_most = larger(r.part, g.part), rg_least = smaller(r.part, g.part);
    const float most = larger(rg_most, b.part), least = smaller(rg_least, b.part);
    const float middle = larger(rg_least, smaller(rg_most, b.part));
    const int rg_first = choose(r.part > g.part, 1, step_g);
    const int first = choose(b.part > rg_most, step_b, rg_first);
    const int last = choose(b.part < rg_least, step_b, 1 + step_g - rg_first);
    const int all = 1 + step_g + step_b;

    return low[0] * (1 - most) + low[first] * (most - middle) + low[all - last] * (middle - least) +
           low[all] * least;
}

static void apply_cube(const struct op *op, float *const rgb[3], gsize count)
{
    float *restrict r = rgb[0], *restrict g = rgb[1], *restrict b = rgb[2];
    const point *const cube = op->table;
    const float *const min = op->table_of.min, *const scale = op->table_of.scale;
    const int size = op->table_of.size;
    for (gsize i = 0; i < count; i++) {
        const point out = interpolate(cube, size, place_of(r[i], min[0], scale[0], size),
                                      place_of(g[i], min[1], scale[1], size),
                                      place_of(b[i], min[2], scale[2], size));
        r[i] = out[0];
        g[i] = out[1];
        b[i] = out[2];
    }
}

struct op op_cube(const struct lut *lut)
{
    struct op op = op_table(&lut->cube_domain, lut->cube_size);
    const gsize points = lut_cube_points(lut);
    point *cube = g_aligned_alloc(points, sizeof *cube, 64);
    for (gsize i = 0; i < points; i++)
        cube[i] = (point){lut->cube[i][0], lut->cube[i][1], lut->cube[i][2], 0};
    op.apply = apply_cube;
    op.table = cube;
    return op;
}

void op_finish(struct op *op)
{
    g_aligned_free(op->table);
}
