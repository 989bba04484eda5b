/* SPDX-License-Identifier: GPL-3.0-or-later
 * Look-ups in cubes, tetrahedrally.
 *
 * The cell's cube is cut into six tetrahedra by the order of the three parts. The path from its low
 * corner to its high corner goes along the axis with the largest part first and the smallest last;
 * the four corners on that path are the tetrahedron. Equal parts may be taken in any order: the
 * corner between them weighs nothing.
 *
 * Two passes over a few pixels: where their corners are and what they weigh, which the compiler
 * makes vectors of, and then a corner a load. Nothing is reordered or contracted, so that every
 * processor gives the same values. */
#include "op.h"

enum { GROUP = 64 /* pixels: what lies between the passes stays in the first-level cache */ };

/* A point of a cube, padded so that it loads as one vector. */
typedef float point __attribute__((vector_size(16)));

struct corners {
    int low[GROUP], first[GROUP], before_last[GROUP]; /* indices of points */
    float low_weight[GROUP], first_weight[GROUP], before_last_weight[GROUP], high_weight[GROUP];
};

INLINED float larger(float a, float b)
{
    return a > b ? a : b;
}

INLINED float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* Outside the domain its ends; NaN its lower end. */
INLINED float place_of(float value, float min, float scale, float last)
{
    return smaller(larger((value - min) * scale, 0), last);
}

INLINED void find_corners(const struct op *op, const float *r, const float *g, const float *b,
                          int count, struct corners *out)
{
    const float *const min = op->table_of.min, *const scale = op->table_of.scale;
    const int size = op->table_of.size, step_g = size, step_b = size * size;
    const float last = (float)(size - 1);
    for (int i = 0; i < count; i++) {
        const float at_r = place_of(r[i], min[0], scale[0], last);
        const float at_g = place_of(g[i], min[1], scale[1], last);
        const float at_b = place_of(b[i], min[2], scale[2], last);
        int cell_r = (int)at_r, cell_g = (int)at_g, cell_b = (int)at_b;
        cell_r = cell_r < size - 2 ? cell_r : size - 2;
        cell_g = cell_g < size - 2 ? cell_g : size - 2;
        cell_b = cell_b < size - 2 ? cell_b : size - 2;
        const float part_r = at_r - (float)cell_r, part_g = at_g - (float)cell_g,
                    part_b = at_b - (float)cell_b;

        const float rg_most = larger(part_r, part_g), rg_least = smaller(part_r, part_g);
        const float most = larger(rg_most, part_b), least = smaller(rg_least, part_b);
        const float middle = larger(rg_least, smaller(rg_most, part_b));
        const int rg_first = part_r > part_g ? 1 : step_g;
        const int step_first = part_b > rg_most ? step_b : rg_first;
        const int step_last = part_b < rg_least ? step_b : 1 + step_g - rg_first;

        const int low = cell_r + cell_g * step_g + cell_b * step_b;
        out->low[i] = low;
        out->first[i] = low + step_first;
        out->before_last[i] = low + 1 + step_g + step_b - step_last;
        out->low_weight[i] = 1 - most;
        out->first_weight[i] = most - middle;
        out->before_last_weight[i] = middle - least;
        out->high_weight[i] = least;
    }
}

INLINED void mix_corners(const struct op *op, const struct corners *at, int count, float *r,
                         float *g, float *b)
{
    const point *const cube = op->table;
    const int high = 1 + op->table_of.size + op->table_of.size * op->table_of.size;
    for (int i = 0; i < count; i++) {
        const point out = cube[at->low[i]] * at->low_weight[i] +
                          cube[at->first[i]] * at->first_weight[i] +
                          cube[at->before_last[i]] * at->before_last_weight[i] +
                          cube[at->low[i] + high] * at->high_weight[i];
        r[i] = out[0];
        g[i] = out[1];
        b[i] = out[2];
    }
}

INLINED void cube_loop(const struct op *op, float *const rgb[3], gsize count)
{
    struct corners at;
    for (gsize done = 0; done < count; done += GROUP) {
        float *r = rgb[0] + done, *g = rgb[1] + done, *b = rgb[2] + done;
        const int length = (int)MIN(GROUP, count - done);
        find_corners(op, r, g, b, length, &at);
        mix_corners(op, &at, length, r, g, b);
    }
}

OP_PATHS(cube_loop)

struct op op_cube(const struct look_table *table)
{
    struct op op = op_table(table);
    const gsize points = (gsize)table->size * table->size * table->size;
    point *cube = g_aligned_alloc(points, sizeof *cube, 64);
    for (gsize i = 0; i < points; i++)
        cube[i] = (point){table->points[i][0], table->points[i][1], table->points[i][2], 0};
    op.apply = cube_loop_best();
    op.table = cube;
    return op;
}
