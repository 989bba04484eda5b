/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops of look-ups: where pixels stand in a table is computed as vectors, then each loads what
 * it needs. */
#include "for_pixels.h"
#include "loops.h"
#include "saturate.h"
#include "tables.h"

/* Outside the domain its ends; NaN its lower end. */
INLINED vec place_of(vec value, float min, float scale, float last)
{
    return vec_min(vec_max((value - min) * scale, vec_all(0)), vec_all(last));
}

/* The last cell for its own end. */
INLINED ivec cell_of(vec place, int size)
{
    return vec_whole(vec_min(place, vec_all((float)(size - 2))));
}

#define STRAIGHT_MOST 1e12f /* steps of a table: no light is as far out */

INLINED void curves_step(const struct op *op, vec rgb[3])
{
    const int size = op->table_of.size;
    for (int c = 0; c < 3; c++) {
        const float *const curve = (const float *)op->table + (gsize)c * (gsize)size;
        const float min = op->table_of.min[c], scale = op->table_of.scale[c];
        const vec held = place_of(rgb[c], min, scale, (float)(size - 1));
        const ivec cell = cell_of(held, size);
        const vec beyond = vec_bound((rgb[c] - min) * scale, -STRAIGHT_MOST, STRAIGHT_MOST);
        const vec at = op->table_of.straight ? beyond : held, part = at - vec_of(cell);
        vec low, high;
        for (int i = 0; i < LANES; i++) {
            low[i] = curve[cell[i]];
            high[i] = curve[cell[i] + 1];
        }
        rgb[c] = low * (1 - part) + high * part;
    }
}

enum { GROUP = 64 /* pixels: what lies between the two passes stays in the first-level cache */ };

/* Of each pixel, where in the table its first three corners are, in bytes, and what all four weigh.
 * The fourth lies across the cell from the first. */
struct corners {
    gint32 first[GROUP], second[GROUP], third[GROUP];
    float weights[4][GROUP];
};

/* A place in a table = value * scale + zero. Sizes up to 256 keep the bytes of a point exact in a
 * float. */
struct cube_numbers {
    vec scale[3], zero[3], last, step[3];
    ivec step_bytes[3], green_and_blue;
    const char *first, *fourth; /* the points, and those across a cell from them */
};

INLINED struct cube_numbers cube_numbers(const struct op *op)
{
    struct cube_numbers n = {.last = vec_all((float)(op->table_of.size - 1)), .first = op->table};
    gint32 step = sizeof(point), across = 0;
    for (int c = 0; c < 3; c++, step *= op->table_of.size) {
        const float scale = op->table_of.scale[c];
        n.scale[c] = vec_all(scale);
        n.zero[c] = vec_all(-op->table_of.min[c] * scale);
        n.step[c] = vec_all((float)step);
        n.step_bytes[c] = ivec_all(step);
        across += step;
    }
    n.green_and_blue = n.step_bytes[1] + n.step_bytes[2];
    n.fourth = n.first + across;
    return n;
}

/* Tetrahedral: the cell's cube is cut into six tetrahedra by the order of the three parts. The path
 * from its low corner to its high corner goes along the axis with the largest part first and the
 * smallest last; the four corners on that path are the tetrahedron, and weigh 1 - the largest, the
 * differences, and the smallest part. Equal parts may be taken in any order: the corner between
 * them weighs nothing.
 *
 * A place on the last point is in a cell of which only that point weighs anything. Outside the
 * domain count its ends; NaN its lower end. */
INLINED void find_corners(const struct cube_numbers *n, const vec rgb[3], struct corners *to, int i)
{
    vec part[3], low = vec_all(0);
    for (int c = 0; c < 3; c++) {
        const vec at = vec_fused(rgb[c], n->scale[c], n->zero[c]);
        const vec inside = vec_cap(vec_max(at, vec_all(0)), n->last);
        part[c] = vec_part(inside);
        low = vec_fused(inside - part[c], n->step[c], low);
    }
    const vec r = part[0], g = part[1], b = part[2];
    const vec most = vec_max(g, b), least = vec_min(g, b);
    const vec above = vec_max(r, most), between = vec_min(vec_max(r, least), most),
              below = vec_min(r, least);
    const ivec red = n->step_bytes[0], first = vec_whole(low),
               larger = first + ivec_select(vec_above(g, b), n->step_bytes[1], n->step_bytes[2]);
    ivec_store(to->first + i, first);
    ivec_store(to->second + i, ivec_select(vec_above(r, most), first + red, larger));
    ivec_store(to->third + i,
               ivec_select(vec_above(least, r), first + n->green_and_blue, larger + red));
    vec_store(to->weights[0] + i, 1 - above);
    vec_store(to->weights[1] + i, above - between);
    vec_store(to->weights[2] + i, between - below);
    vec_store(to->weights[3] + i, below);
}

/* Of every fourth pixel from k on. */
#define MIX(k)                                                                                   \
    vec_fused(vec_points(n->fourth, at->first + i + (k)), VEC_SPREAD(w3, k),                     \
              vec_fused(vec_points(n->first, at->third + i + (k)), VEC_SPREAD(w2, k),            \
                        vec_fused(vec_points(n->first, at->second + i + (k)), VEC_SPREAD(w1, k), \
                                  vec_points(n->first, at->first + i + (k)) * VEC_SPREAD(w0, k))))

INLINED void mix_corners(const struct cube_numbers *n, const struct corners *at, int i, vec rgb[3])
{
    const vec w0 = vec_load(at->weights[0] + i), w1 = vec_load(at->weights[1] + i),
              w2 = vec_load(at->weights[2] + i), w3 = vec_load(at->weights[3] + i);
    const vec points[4] = {MIX(0), MIX(1), MIX(2), MIX(3)};
    vec out[4];
    vec_turn(points, out);
    memcpy(rgb, out, 3 * sizeof *rgb);
}

INLINED void cube_of(const struct op *op, bool saturated, float *const rgb[3], gsize count)
{
    const struct cube_numbers n = cube_numbers(op);
    const struct op_saturation before = op->table_of.before;
    float *const planes[3] = {rgb[0], rgb[1], rgb[2]};
    struct corners at;
    vec v[3];
    for (gsize done = 0; done < count; done += GROUP) {
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i += LANES) {
            load_pixels(planes, done + (gsize)i, v);
            if (saturated)
                saturate(&before, v);
            find_corners(&n, v, &at, i);
        }
        for (int i = 0; i < length; i += LANES) {
            mix_corners(&n, &at, i, v);
            store_pixels(planes, done + (gsize)i, v);
        }
    }
}

void PATH(cube)(const struct op *op, float *const rgb[3], gsize count)
{
    cube_of(op, false, rgb, count);
}

void PATH(saturated_cube)(const struct op *op, float *const rgb[3], gsize count)
{
    cube_of(op, true, rgb, count);
}

INLINED vec corner_of(const struct op_curve *curve, int i, ivec piece, vec part)
{
    const vec beyond = vec_max(part - curve->corner_part[i], vec_all(0)) * curve->corner_slope[i];
    return vec_where(ivec_equal(piece, ivec_all(curve->corner_piece[i])), beyond);
}

/* See tables.h. */
INLINED vec evaluate(const struct op_curve *curve, const point *table, vec in)
{
    const vec x = vec_bound(in, -TABLE_MOST, TABLE_MOST);
    const ivec bits = (ivec)x, magnitude = bits & 0x7fffffff;
    const ivec at = (magnitude >> TABLE_PART_BITS) - (TABLE_FIRST - 1);
    const mask outside = ivec_above(at, ivec_all(0));
    const vec inside = vec_of(magnitude & ((1 << TABLE_PART_BITS) - 1)) *
                       (1.0f / (1 << TABLE_PART_BITS)),
              near_zero = (vec)magnitude * (float)(1 << -TABLE_OCTAVE_LOW);
    const vec part = vec_select(outside, inside, near_zero);
    const ivec piece =
        ivec_where(outside, at) + ivec_where(ivec_above(ivec_all(0), bits), ivec_all(TABLE_PIECES));
    gint32 bytes[LANES];
    vec points[4], c[4];
    ivec_store(bytes, (piece + curve->start) * (gint32)sizeof(point));
    for (int k = 0; k < 4; k++)
        points[k] = vec_points(table, bytes + k);
    vec_turn(points, c);
    vec y = vec_fused(part, vec_fused(part, vec_fused(part, c[3], c[2]), c[1]), c[0]);
    if (curve->corner_piece[0] >= 0)
        y += corner_of(curve, 0, piece, part) + corner_of(curve, 1, piece, part);
    return y;
}

INLINED void functions_step(const struct op *op, vec rgb[3])
{
    for (int c = 0; c < 3; c++)
        rgb[c] = evaluate(&op->functions[c], op->table, rgb[c]);
}

INLINED void tone_step(const struct op *op, vec rgb[3])
{
    const float *const w = op->tone.weights;
    const vec sum =
        vec_fused(vec_all(w[0]), rgb[0], vec_fused(vec_all(w[1]), rgb[1], vec_all(w[2]) * rgb[2]));
    const vec most = vec_max(vec_max(rgb[0], rgb[1]), rgb[2]);
    const vec measure = op->tone.largest ? most : sum;
    const vec by = evaluate(&op->tone.curve, op->table, vec_max(measure, vec_all(0)));
    for (int c = 0; c < 3; c++)
        rgb[c] = vec_bound(rgb[c] * by, -1e30f, 1e30f);
}

OP_LOOP(curves)
OP_LOOP(functions)
OP_LOOP(tone)
