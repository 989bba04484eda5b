/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops of look-ups: where eight pixels stand in a table is computed as vectors, then each
 * loads what it needs. */
#include "for_pixels.h"
#include "loops.h"
#include "tables.h"

/* Two points, at these bytes of a table, the first in the lower half. */
INLINED vec pair(const char *table, gint32 low, gint32 high)
{
    return __builtin_shufflevector(*(const point *)(table + low), *(const point *)(table + high), 0,
                                   1, 2, 3, 4, 5, 6, 7);
}

/* Four pairs of points, of pixels k and k + 4, become vectors of each of their numbers. */
INLINED void turn_all(const vec in[4], vec out[4])
{
    const vec ab_low = __builtin_shufflevector(in[0], in[1], 0, 8, 1, 9, 4, 12, 5, 13),
              ab_high = __builtin_shufflevector(in[0], in[1], 2, 10, 3, 11, 6, 14, 7, 15),
              cd_low = __builtin_shufflevector(in[2], in[3], 0, 8, 1, 9, 4, 12, 5, 13),
              cd_high = __builtin_shufflevector(in[2], in[3], 2, 10, 3, 11, 6, 14, 7, 15);
    out[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 8, 9, 4, 5, 12, 13);
    out[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 10, 11, 6, 7, 14, 15);
    out[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 8, 9, 4, 5, 12, 13);
    out[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 10, 11, 6, 7, 14, 15);
}

INLINED void turn(const vec in[4], vec rgb[3])
{
    vec out[4];
    turn_all(in, out);
    memcpy(rgb, out, 3 * sizeof *rgb);
}

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

/* Of each pixel, where the points of its cell begin and where its middle edge does, in bytes of the
 * table; and what its edges' ends weigh: four pixels' near ends, then their far ends. */
struct corners {
    gint32 low[GROUP], middle[GROUP];
    float weights[3][2 * GROUP];
};

/* A place in a table = value * scale + zero. Sizes up to 256 keep the bytes of a point exact in a
 * float. */
struct cube_numbers {
    vec scale[3], zero[3], last, step[3];
    const char *low, *high; /* the points, from a cell's low edge and from its high edge */
};

INLINED struct cube_numbers cube_numbers(const struct op *op)
{
    struct cube_numbers n;
    float step = sizeof(point);
    for (int c = 0; c < 3; c++, step *= (float)op->table_of.size) {
        const float scale = op->table_of.scale[c];
        n.scale[c] = vec_all(scale);
        n.zero[c] = vec_all(-op->table_of.min[c] * scale);
        n.step[c] = vec_all(step);
    }
    n.last = vec_all((float)(op->table_of.size - 1));
    n.low = op->table;
    n.high = n.low + (gsize)(n.step[1][0] + n.step[2][0]);
    return n;
}

INLINED void keep_bytes(gint32 *to, vec bytes)
{
    const ivec whole = vec_whole(bytes);
    memcpy(to, &whole, sizeof whole);
}

INLINED void keep_weights(float *to, vec near, vec far)
{
    vec_store(to, __builtin_shufflevector(near, far, 0, 1, 2, 3, 8, 9, 10, 11));
    vec_store(to + LANES, __builtin_shufflevector(near, far, 4, 5, 6, 7, 12, 13, 14, 15));
}

/* Tetrahedral: the cell's cube is cut into six tetrahedra by the order of the three parts. The path
 * from its low corner to its high corner goes along the axis with the largest part first and the
 * smallest last; the four corners on that path are the tetrahedron, and weigh 1 - the largest, the
 * differences, and the smallest part. Equal parts may be taken in any order: the corner between
 * them weighs nothing.
 *
 * Seen along red, every path passes three edges of the cell: the low one, the one after the larger
 * of green and blue, and the high one; it changes from near to far ends where red's turn comes.
 * Both ends of an edge are one load, and an edge's share of the weight is divided by where red is
 * in it.
 *
 * A place on the last point is in a cell of which only that point weighs anything. Outside the
 * domain count its ends; NaN its lower end. */
INLINED void find_corners(const struct cube_numbers *n, const vec rgb[3], struct corners *to, int i)
{
    vec part[3], low = vec_all(0);
    for (int c = 0; c < 3; c++) {
        const vec at = vec_fused(rgb[c], n->scale[c], n->zero[c]);
        const vec inside = vec_cap(vec_max(at, vec_all(0)), n->last), cell = vec_floor(inside);
        part[c] = inside - cell;
        low = vec_fused(cell, n->step[c], low);
    }
    const vec r = part[0], g = part[1], b = part[2];
    const vec most = vec_max(g, b), least = vec_min(g, b);
    const vec above = vec_max(r, most), between = vec_min(vec_max(r, least), most),
              below = vec_min(r, least);
    keep_bytes(to->low + i, low);
    keep_bytes(to->middle + i, low + vec_select(g > b, n->step[1], n->step[2]));
    keep_weights(to->weights[0] + 2 * i, 1 - above, above - most);
    keep_weights(to->weights[1] + 2 * i, most - between, between - least);
    keep_weights(to->weights[2] + 2 * i, least - below, below);
}

INLINED vec edge(const char *table, gint32 bytes)
{
    vec v;
    memcpy(&v, table + bytes, sizeof v);
    return v;
}

#define SPREAD(v, k) __builtin_shufflevector(v, v, k, k, k, k, k + 4, k + 4, k + 4, k + 4)

/* Of pixel k, what is of near ends in the lower half. */
#define MIX(k)                                                            \
    vec_fused(edge(n->high, at->low[i + k]), SPREAD(w[2], k),             \
              vec_fused(edge(n->low, at->middle[i + k]), SPREAD(w[1], k), \
                        edge(n->low, at->low[i + k]) * SPREAD(w[0], k)))

INLINED void mix_four(const struct cube_numbers *n, const struct corners *at, int i, vec out[4])
{
    const vec w[3] = {vec_load(at->weights[0] + 2 * i), vec_load(at->weights[1] + 2 * i),
                      vec_load(at->weights[2] + 2 * i)};
    out[0] = MIX(0);
    out[1] = MIX(1);
    out[2] = MIX(2);
    out[3] = MIX(3);
}

INLINED void mix_corners(const struct cube_numbers *n, const struct corners *at, int i, vec rgb[3])
{
    vec low[4], high[4], pixels[4];
    mix_four(n, at, i, low);
    mix_four(n, at, i + 4, high);
    for (int k = 0; k < 4; k++)
        pixels[k] = vec_halves(low[k], high[k]) + vec_halves_crossed(low[k], high[k]);
    turn(pixels, rgb);
}

void PATH(cube)(const struct op *op, float *const rgb[3], gsize count)
{
    const struct cube_numbers n = cube_numbers(op);
    float *const planes[3] = {rgb[0], rgb[1], rgb[2]};
    struct corners at;
    vec v[3] = {{0}};
    for (gsize done = 0; done < count; done += GROUP) {
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i += LANES) {
            load_pixels(planes, done + (gsize)i, length - i, v);
            find_corners(&n, v, &at, i);
        }
        for (int i = 0; i < length; i += LANES) {
            mix_corners(&n, &at, i, v);
            store_pixels(planes, done + (gsize)i, length - i, v);
        }
    }
}

INLINED vec corner_of(const struct op_curve *curve, int i, ivec piece, vec part)
{
    const vec beyond = vec_max(part - curve->corner_part[i], vec_all(0)) * curve->corner_slope[i];
    return (vec)((ivec)beyond & (piece == curve->corner_piece[i]));
}

/* See tables.h. */
INLINED vec evaluate(const struct op_curve *curve, const point *table, vec in)
{
    const vec x = vec_bound(in, -TABLE_MOST, TABLE_MOST);
    const ivec bits = (ivec)x, magnitude = bits & 0x7fffffff;
    const ivec at = (magnitude >> TABLE_PART_BITS) - (TABLE_FIRST - 1), outside = at > 0;
    const vec inside = vec_of(magnitude & ((1 << TABLE_PART_BITS) - 1)) *
                       (1.0f / (1 << TABLE_PART_BITS)),
              near_zero = (vec)magnitude * (float)(1 << -TABLE_OCTAVE_LOW);
    const vec part = vec_select(outside, inside, near_zero);
    const ivec piece = (at & outside) + ((bits < 0) & TABLE_PIECES);
    const ivec bytes = (piece + curve->start) * (gint32)sizeof(point);
    vec pairs[4], c[4];
    for (int i = 0; i < 4; i++)
        pairs[i] = pair((const char *)table, bytes[i], bytes[i + 4]);
    turn_all(pairs, c);
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
