/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops of cubes of integers: exact but for the rounding of places and points, see tables.h. */
#include "for_pixels.h"
#include "loops.h"
#include "tables.h"

enum { GROUP = 64 /* pixels: what lies between the two passes stays in the first-level cache */ };

/* Of each pixel, where in the table its first two pairs are, in bytes, and what all three count.
 * The third is kept with the first. */
struct found {
    gint32 first[GROUP], second[GROUP], weights[3][GROUP];
} __attribute__((aligned(64)));

/* A place, as a float that holds an integer = value * own + the sum of all three * grey + zero. */
struct pair_numbers {
    vec own, grey[3], zero, last;
    vec step[3], start; /* bytes of a place */
    ivec green, blue;   /* bytes of a cell */
    vec unit, low;
    const char *pairs;
};

INLINED struct pair_numbers pair_numbers(const struct op *op)
{
    const float size = (float)op->table_of.size, scale = op->table_of.scale[0] * PAIR_CELL,
                point_bytes = 2 * sizeof(point);
    const float bytes[3] = {point_bytes, point_bytes * size, point_bytes * size * size};
    struct pair_numbers n = {.own = vec_all(scale),
                             .zero = vec_all(PAIR_ZERO - op->table_of.min[0] * scale),
                             .last = vec_all(PAIR_ZERO + (size - 1) * PAIR_CELL),
                             .start =
                                 vec_all(-PAIR_ZERO / PAIR_CELL * (bytes[0] + bytes[1] + bytes[2])),
                             .green = ivec_all((gint32)bytes[1]),
                             .blue = ivec_all((gint32)bytes[2]),
                             .unit = vec_all(op->table_of.unit),
                             .low = vec_all(op->table_of.low),
                             .pairs = op->table_of.pairs};
    for (int c = 0; c < 3; c++)
        n.step[c] = vec_all(bytes[c] / PAIR_CELL);
    return n;
}

INLINED struct pair_numbers saturated_pair_numbers(const struct op *op)
{
    const struct op_saturation *before = &op->table_of.before;
    struct pair_numbers n = pair_numbers(op);
    for (int c = 0; c < 3; c++)
        n.grey[c] = n.own * before->grey[c];
    n.own *= before->own;
    return n;
}

/* Zero comes last, as it leaves room for whole numbers only. */
INLINED vec grey_of(const struct pair_numbers *n, const vec rgb[3])
{
    return vec_fused(n->grey[0], rgb[0], vec_fused(n->grey[1], rgb[1], n->grey[2] * rgb[2])) +
           n->zero;
}

/* Weights are those of a pair's point, in the lower half, and of the step from it. What is above a
 * part of green and blue, from 0 to 1, of a part of red, is the pair's point, and what is below of
 * both is its step: so the three corners in green and blue, by the larger part first, are four in
 * all three, and their tetrahedron. See find_corners in loops_table.c. Outside the domain count its
 * ends; NaN its lower end. */
INLINED void find_pairs(const struct pair_numbers *n, const vec rgb[3], vec grey, struct found *to,
                        int i)
{
    ivec place[3];
    vec bytes = n->start;
    for (int c = 2; c >= 0; c--) { /* from the largest on, and so exact */
        const vec at = vec_fused(rgb[c], n->own, grey);
        place[c] = (ivec)vec_cap(vec_max(at, vec_all(PAIR_ZERO)), n->last);
        bytes = vec_fused((vec)(place[c] & -PAIR_CELL), n->step[c], bytes);
    }
    const ivec g = ivec_twice(place[1] & (PAIR_CELL - 1)),
               b = ivec_twice(place[2] & (PAIR_CELL - 1)), first = vec_whole(bytes);
    const ivec all = (place[0] << 16 & (PAIR_CELL - 1) << 16) | PAIR_CELL,
               later = ivec_min_both(ivec_max_both(g, b), all),
               last = ivec_min_both(ivec_min_both(g, b), all);
    ivec_store(to->first + i, first);
    ivec_store(to->second + i, first + ivec_select(ivec_above(g, b), n->green, n->blue));
    ivec_store(to->weights[0] + i, all - later);
    ivec_store(to->weights[1] + i, later - last);
    ivec_store(to->weights[2] + i, last);
}

INLINED ivec ivec_load(const gint32 *from)
{
    return (ivec)vec_load((const float *)from);
}

/* Of every fourth pixel from i on, of which the weights are spread over the points' numbers. */
INLINED vec mixed(const struct pair_numbers *n, const struct found *at, int i, ivec w0, ivec w1,
                  ivec w2)
{
    vec ends[2];
    vec_two_points(n->pairs, at->first + i, ends);
    const ivec between = (ivec)vec_points(n->pairs, at->second + i);
    return (vec)ivec_dot((ivec)ends[1], w2,
                         ivec_dot(between, w1, ivec_dot((ivec)ends[0], w0, ivec_all(0))));
}

#define MIX(k) mixed(n, at, i + (k), VEC_SPREAD(w0, k), VEC_SPREAD(w1, k), VEC_SPREAD(w2, k))

INLINED void mix_pairs(const struct pair_numbers *n, const struct found *at, int i, vec rgb[3])
{
    const ivec w0 = ivec_load(at->weights[0] + i), w1 = ivec_load(at->weights[1] + i),
               w2 = ivec_load(at->weights[2] + i);
    const vec points[4] = {MIX(0), MIX(1), MIX(2), MIX(3)};
    vec out[4];
    vec_turn(points, out);
    for (int c = 0; c < 3; c++)
        rgb[c] = vec_fused(vec_of((ivec)out[c]), n->unit, n->low);
}

INLINED void pairs_of(const struct pair_numbers *n, bool saturated, float *const rgb[3],
                      gsize count)
{
    const struct pair_numbers own = *n;
    float *const planes[3] = {rgb[0], rgb[1], rgb[2]};
    struct found at;
    vec v[3];
    for (gsize done = 0; done < count; done += GROUP) {
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i += LANES) {
            load_pixels(planes, done + (gsize)i, v);
            find_pairs(&own, v, saturated ? grey_of(&own, v) : own.zero, &at, i);
        }
        for (int i = 0; i < length; i += LANES) {
            mix_pairs(&own, &at, i, v);
            store_pixels(planes, done + (gsize)i, v);
        }
    }
}

void PATH(pair_cube)(const struct op *op, float *const rgb[3], gsize count)
{
    const struct pair_numbers n = pair_numbers(op);
    pairs_of(&n, false, rgb, count);
}

void PATH(saturated_pair_cube)(const struct op *op, float *const rgb[3], gsize count)
{
    const struct pair_numbers n = saturated_pair_numbers(op);
    pairs_of(&n, true, rgb, count);
}
