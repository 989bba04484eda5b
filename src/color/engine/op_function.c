/* SPDX-License-Identifier: GPL-3.0-or-later
 * Functions of one number as tables of cubics. */
#include "loops.h"
#include "tables.h"

#include <math.h>

enum { PIECES = TABLE_PIECES };
#define VALUE_MAX 1e9 /* of a function: what is beyond it isn't colour */

/* Where a piece of `sign` begins: the piece around 0 ends where the first octave begins. */
static double piece_start(int piece, double sign)
{
    if (piece == 0)
        return 0;
    return sign * ldexp(1 + (piece - 1) % (1 << TABLE_PIECE_BITS) / (double)(1 << TABLE_PIECE_BITS),
                        TABLE_OCTAVE_LOW + (piece - 1) / (1 << TABLE_PIECE_BITS));
}

static double value_of(const struct look_function *function, double x)
{
    return fmin(fmax(function->at(function->p, x), -VALUE_MAX), VALUE_MAX);
}

static double ratio_of(const struct look_function *function, double x)
{
    const double least = fmax(x, ldexp(1, TABLE_OCTAVE_LOW));
    return value_of(function, least) / least;
}

typedef double sampled(const struct look_function *function, double x);

/* The point through y at 0, 1/3, 2/3 and 1 of the piece. */
static point through(const double y[4])
{
    return (point){(float)y[0], (float)((-11 * y[0] + 18 * y[1] - 9 * y[2] + 2 * y[3]) / 2),
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

static float turned(const struct op_curve *curve, int i, int piece, float part)
{
    const float beyond = part - curve->corner_part[i];
    return piece == curve->corner_piece[i] && beyond > 0 ? beyond * curve->corner_slope[i] : 0;
}

static point fit(const struct op_curve *curve, sampled *sample,
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

static void fill(struct op_curve *curve, point *table, sampled *sample,
                 const struct look_function *function)
{
    note_corners(curve, sample, function);
    for (int piece = 0; piece < 2 * PIECES; piece++)
        table[curve->start + piece] = fit(curve, sample, function, piece);
}

static bool same(const struct look_function *a, const struct look_function *b)
{
    return a->at == b->at && memcmp(a->p, b->p, sizeof a->p) == 0 &&
           memcmp(a->corner, b->corner, sizeof a->corner) == 0;
}

struct op op_functions(const struct look_function functions[3])
{
    struct op op = {.apply = loops_best()->functions};
    point *table = g_aligned_alloc(3 * 2 * PIECES, sizeof *table, 64);
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

struct op op_tone(const struct look_tone *tone)
{
    struct op op = {.apply = loops_best()->tone};
    op.tone.largest = true;
    for (int c = 0; c < 3; c++) {
        op.tone.weights[c] = (float)tone->weights[c];
        op.tone.largest = op.tone.largest && tone->weights[c] == 0;
    }
    point *table = g_aligned_alloc(2 * PIECES, sizeof *table, 64);
    fill(&op.tone.curve, table, ratio_of, &tone->function);
    op.table = table;
    return op;
}
