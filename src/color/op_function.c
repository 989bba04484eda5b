/* SPDX-License-Identifier: GPL-3.0-or-later
 * Functions of one number, from tables that are addressed by the number's own bits.
 *
 * Every octave from 2^-20 to 2^16 is cut into 128 pieces, on each of which a cubic goes through the
 * function at its ends, at a third and at two thirds; what is nearer to 0 is one piece more.
 * Negative numbers have a second half. The error of a piece of width h is at most
 * 5.2e-4 h^4 |f''''|: below 1e-8 of the value for powers and logarithms, and for the exponentials
 * that undo the log curves of cameras. On a piece with a corner the cubic is of what is left when
 * the corner's slope is taken out. The rest is float rounding. Numbers beyond 2^16 count as it. */
#include "op.h"

#include <math.h>

enum {
    OCTAVE_LOW = -20,
    OCTAVE_HIGH = 16,
    PIECE_BITS = 7, /* pieces in an octave: 2^7 */
    PART_BITS = 23 - PIECE_BITS,
    PIECES = ((OCTAVE_HIGH - OCTAVE_LOW) << PIECE_BITS) + 1, /* and the one around 0 */
    FIRST = (127 + OCTAVE_LOW) << PIECE_BITS, /* the bits of 2^OCTAVE_LOW, as pieces */
    GROUP = 64,
};
#define VALUE_MAX 1e9 /* of a function: what is beyond it isn't colour */

/* The cubic of a piece, from its constant up; loads as one vector. */
typedef float cubic __attribute__((vector_size(16)));

/* Where a piece of `sign` begins: the piece around 0 ends where the first octave begins. */
static double piece_start(int piece, double sign)
{
    if (piece == 0)
        return 0;
    return sign * ldexp(1 + (piece - 1) % (1 << PIECE_BITS) / (double)(1 << PIECE_BITS),
                        OCTAVE_LOW + (piece - 1) / (1 << PIECE_BITS));
}

static double value_of(const struct look_function *function, double x)
{
    return fmin(fmax(function->at(function->p, x), -VALUE_MAX), VALUE_MAX);
}

static double ratio_of(const struct look_function *function, double x)
{
    const double least = fmax(x, ldexp(1, OCTAVE_LOW));
    return value_of(function, least) / least;
}

typedef double sampled(const struct look_function *function, double x);

/* The cubic through y at 0, 1/3, 2/3 and 1 of the piece. */
static cubic through(const double y[4])
{
    return (cubic){(float)y[0], (float)((-11 * y[0] + 18 * y[1] - 9 * y[2] + 2 * y[3]) / 2),
                   (float)((18 * y[0] - 45 * y[1] + 36 * y[2] - 9 * y[3]) / 2),
                   (float)((-9 * y[0] + 27 * y[1] - 27 * y[2] + 9 * y[3]) / 2)};
}

/* The piece of `x`, in a table of both signs. */
static int piece_of(double x)
{
    int piece = 0;
    while (piece < PIECES - 1 && piece_start(piece + 1, 1) <= fabs(x))
        piece++;
    return piece + (x < 0 ? PIECES : 0);
}

/* How much steeper the function is beyond the corner, going away from 0; per piece. At the corner
 * itself published constants may leave a step, which is passed over. */
static double turn_at(sampled *sample, const struct look_function *function, double x, double width)
{
    const double part = x < 0 ? -1e-3 : 1e-3, step = width * part;
    const double beyond = sample(function, x + 2 * step) - sample(function, x + step),
                 before = sample(function, x - step) - sample(function, x - 2 * step);
    return (beyond - before) / fabs(part);
}

static void note_corners(struct op_curve *curve, sampled *sample,
                         const struct look_function *function)
{
    for (int i = 0; i < 2; i++) {
        const double x = function->corner[i], sign = x < 0 ? -1 : 1;
        curve->corner_piece[i] = x != 0 ? piece_of(x) : -1;
        if (x == 0)
            continue;
        const int piece = curve->corner_piece[i] % PIECES;
        const double from = piece_start(piece, sign), width = piece_start(piece + 1, sign) - from;
        curve->corner_part[i] = (float)((x - from) / width);
        curve->corner_slope[i] = (float)turn_at(sample, function, x, width);
    }
}

INLINED float turned(const struct op_curve *curve, int i, int piece, float part)
{
    const float beyond = part - curve->corner_part[i];
    return piece == curve->corner_piece[i] && beyond > 0 ? beyond * curve->corner_slope[i] : 0;
}

static cubic fit(const struct op_curve *curve, sampled *sample,
                 const struct look_function *function, int piece)
{
    const double sign = piece < PIECES ? 1 : -1;
    const double from = piece_start(piece % PIECES, sign),
                 width = piece_start(piece % PIECES + 1, sign) - from;
    double y[4];
    for (int i = 0; i < 4; i++)
        y[i] = sample(function, from + width * i / 3) - turned(curve, 0, piece, (float)i / 3) -
               turned(curve, 1, piece, (float)i / 3);
    return through(y);
}

static void fill(struct op_curve *curve, cubic *table, sampled *sample,
                 const struct look_function *function)
{
    note_corners(curve, sample, function);
    for (int piece = 0; piece < 2 * PIECES; piece++)
        table[curve->start + piece] = fit(curve, sample, function, piece);
}

/* The piece of a number, and how far into it. */
INLINED void find(const float *v, int count, int *piece, float *part)
{
    for (int i = 0; i < count; i++) {
        const float x = bound(v[i], -65535.996f, 65535.996f);
        const gint32 bits = float_to_bits(x), magnitude = bits & 0x7fffffff;
        const int at = (magnitude >> PART_BITS) - FIRST + 1;
        const float inside =
            (float)(magnitude & ((1 << PART_BITS) - 1)) * (1.0f / (1 << PART_BITS));
        const float near_zero = bits_to_float(magnitude) * (1 << -OCTAVE_LOW);
        part[i] = at > 0 ? inside : near_zero;
        piece[i] = (at > 0 ? at : 0) + (bits < 0 ? PIECES : 0);
    }
}

/* Four cubics become four vectors of equal powers. */
INLINED void evaluate4(const cubic *table, const int *piece, const float *part, float *out)
{
    const cubic a = table[piece[0]], b = table[piece[1]], c = table[piece[2]], d = table[piece[3]];
    const cubic ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5),
                ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7),
                cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5),
                cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    const cubic c0 = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
                c1 = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
                c2 = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
                c3 = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    cubic t;
    memcpy(&t, part, sizeof t);
    const cubic y = c0 + t * (c1 + t * (c2 + t * c3));
    memcpy(out, &y, sizeof y);
}

/* Out of place; places beyond `count` up to a whole GROUP are written, too. */
INLINED void evaluate(const struct op_curve *curve, const cubic *table, const float *in, int count,
                      float out[GROUP])
{
    int piece[GROUP] = {0};
    float part[GROUP] = {0};
    find(in, count, piece, part);
    for (int i = 0; i < count; i += 4)
        evaluate4(table + curve->start, piece + i, part + i, out + i);
    if (curve->corner_piece[0] < 0)
        return;
    for (int i = 0; i < count; i++)
        out[i] += turned(curve, 0, piece[i], part[i]) + turned(curve, 1, piece[i], part[i]);
}

INLINED void functions_loop(const struct op *op, float *const rgb[3], gsize count)
{
    float out[GROUP];
    for (int c = 0; c < 3; c++)
        for (gsize done = 0; done < count; done += GROUP) {
            const int length = (int)MIN(GROUP, count - done);
            evaluate(&op->functions[c], op->table, rgb[c] + done, length, out);
            memcpy(rgb[c] + done, out, (gsize)length * sizeof *out);
        }
}

OP_PATHS(functions_loop)

static bool same(const struct look_function *a, const struct look_function *b)
{
    return a->at == b->at && memcmp(a->p, b->p, sizeof a->p) == 0 &&
           memcmp(a->corner, b->corner, sizeof a->corner) == 0;
}

struct op op_functions(const struct look_function functions[3])
{
    struct op op = {.apply = functions_loop_best()};
    cubic *table = g_aligned_alloc(3 * 2 * PIECES, sizeof *table, 64);
    int used = 0;
    for (int c = 0; c < 3; c++) {
        int twin = 0;
        while (twin < c && !same(&functions[twin], &functions[c]))
            twin++;
        if (twin < c) {
            op.functions[c] = op.functions[twin];
            continue;
        }
        op.functions[c].start = 2 * PIECES * used++;
        fill(&op.functions[c], table, value_of, &functions[c]);
    }
    op.table = table;
    return op;
}

INLINED void tone_loop(const struct op *op, float *const rgb[3], gsize count)
{
    const float *const w = op->tone.weights;
    float measure[GROUP], ratio[GROUP];
    for (gsize done = 0; done < count; done += GROUP) {
        float *restrict r = rgb[0] + done, *restrict g = rgb[1] + done, *restrict b = rgb[2] + done;
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i++) {
            const float rg = r[i] > g[i] ? r[i] : g[i], most = rg > b[i] ? rg : b[i];
            measure[i] = op->tone.largest ? most : w[0] * r[i] + w[1] * g[i] + w[2] * b[i];
        }
        evaluate(&op->tone.curve, op->table, measure, length, ratio);
        for (int i = 0; i < length; i++) {
            const float by = measure[i] > 0 ? ratio[i] : 1;
            r[i] = bound(r[i] * by, -1e30f, 1e30f);
            g[i] = bound(g[i] * by, -1e30f, 1e30f);
            b[i] = bound(b[i] * by, -1e30f, 1e30f);
        }
    }
}

OP_PATHS(tone_loop)

struct op op_tone(const struct look_tone *tone)
{
    struct op op = {.apply = tone_loop_best()};
    op.tone.largest = true;
    for (int c = 0; c < 3; c++) {
        op.tone.weights[c] = (float)tone->weights[c];
        op.tone.largest = op.tone.largest && tone->weights[c] == 0;
    }
    cubic *table = g_aligned_alloc(2 * PIECES, sizeof *table, 64);
    fill(&op.tone.curve, table, ratio_of, &tone->function);
    op.table = table;
    return op;
}
