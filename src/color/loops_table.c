/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops of look-ups: where eight pixels stand in a table is computed as vectors, then each
 * loads what it needs. */
#include "for_pixels.h"
#include "loops.h"
#include "tables.h"

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

/* Of each pixel, where its corners are, in bytes of the table, and what they weigh. */
struct corners {
    guint32 low[GROUP], first[GROUP], before_last[GROUP];
    float low_weight[GROUP], first_weight[GROUP], before_last_weight[GROUP], high_weight[GROUP];
};

INLINED void keep(guint32 *to, ivec points)
{
    const ivec bytes = points * (gint32)sizeof(point);
    memcpy(to, &bytes, sizeof bytes);
}

/* Tetrahedral: the cell's cube is cut into six tetrahedra by the order of the three parts. The path
 * from its low corner to its high corner goes along the axis with the largest part first and the
 * smallest last; the four corners on that path are the tetrahedron. Equal parts may be taken in any
 * order: the corner between them weighs nothing. */
INLINED void find_corners(const struct op *op, const vec rgb[3], struct corners *out, int i)
{
    const float *const min = op->table_of.min, *const scale = op->table_of.scale;
    const int size = op->table_of.size, step_g = size, step_b = size * size;
    const float last = (float)(size - 1);
    const vec at_r = place_of(rgb[0], min[0], scale[0], last),
              at_g = place_of(rgb[1], min[1], scale[1], last),
              at_b = place_of(rgb[2], min[2], scale[2], last);
    const ivec cell_r = cell_of(at_r, size), cell_g = cell_of(at_g, size),
               cell_b = cell_of(at_b, size);
    const vec part_r = at_r - vec_of(cell_r), part_g = at_g - vec_of(cell_g),
              part_b = at_b - vec_of(cell_b);

    const vec rg_most = vec_max(part_r, part_g), rg_least = vec_min(part_r, part_g);
    const vec most = vec_max(rg_most, part_b), least = vec_min(rg_least, part_b);
    const vec middle = vec_max(rg_least, vec_min(rg_most, part_b));
    const ivec r_leads = part_r > part_g, b_most = part_b > rg_most, b_least = part_b < rg_least;
    const ivec rg_first = step_g + (r_leads & (1 - step_g));
    const ivec step_first = ivec_select(b_most, ivec_all(step_b), rg_first);
    const ivec step_last = ivec_select(b_least, ivec_all(step_b), 1 + step_g - rg_first);

    const ivec low = cell_r + cell_g * step_g + cell_b * step_b;
    keep(out->low + i, low);
    keep(out->first + i, low + step_first);
    keep(out->before_last + i, low + (1 + step_g + step_b) - step_last);
    vec_store(out->low_weight + i, 1 - most);
    vec_store(out->first_weight + i, most - middle);
    vec_store(out->before_last_weight + i, middle - least);
    vec_store(out->high_weight + i, least);
}

/* Two points, the first in the lower half. */
INLINED vec pair(const char *cube, guint32 low, guint32 high)
{
    return __builtin_shufflevector(*(const point *)(cube + low), *(const point *)(cube + high), 0,
                                   1, 2, 3, 4, 5, 6, 7);
}

#define SPREAD(v, k) __builtin_shufflevector(v, v, k, k, k, k, k + 4, k + 4, k + 4, k + 4)

/* Pixel k in the lower half, pixel k + 4 in the upper. */
#define MIX(k)                                                                                     \
    vec_fused(                                                                                     \
        pair(top, at->low[i + k], at->low[i + k + 4]), SPREAD(high_weight, k),                     \
        vec_fused(                                                                                 \
            pair(cube, at->before_last[i + k], at->before_last[i + k + 4]),                        \
            SPREAD(before_last_weight, k),                                                         \
            vec_fused(pair(cube, at->first[i + k], at->first[i + k + 4]), SPREAD(first_weight, k), \
                      pair(cube, at->low[i + k], at->low[i + k + 4]) * SPREAD(low_weight, k))))

INLINED void mix_corners(const struct op *op, const struct corners *at, int i, vec rgb[3])
{
    const int size = op->table_of.size;
    const char *const cube = op->table;
    const char *const top = cube + (gsize)(1 + size + size * size) * sizeof(point);
    const vec low_weight = vec_load(at->low_weight + i),
              first_weight = vec_load(at->first_weight + i),
              before_last_weight = vec_load(at->before_last_weight + i),
              high_weight = vec_load(at->high_weight + i);
    const vec pixels[4] = {MIX(0), MIX(1), MIX(2), MIX(3)};
    turn(pixels, rgb);
}

void PATH(cube)(const struct op *op, float *const rgb[3], gsize count)
{
    struct corners at;
    vec v[3] = {{0}};
    for (gsize done = 0; done < count; done += GROUP) {
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i += LANES) {
            load_pixels(rgb, done + (gsize)i, length - i, v);
            find_corners(op, v, &at, i);
        }
        for (int i = 0; i < length; i += LANES) {
            mix_corners(op, &at, i, v);
            store_pixels(rgb, done + (gsize)i, length - i, v);
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
    guint32 bytes[LANES];
    keep(bytes, piece + curve->start);
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
