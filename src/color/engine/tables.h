/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables, as their loops want them.
 *
 * How functions of one number are kept: as tables that are addressed by the number's own bits.
 *
 * Every octave from 2^-20 to 2^16 is cut into 128 pieces, on each of which a cubic goes through the
 * function at its ends, at a third and at two thirds; what is nearer to 0 is one piece more.
 * Negative numbers have a second half. The error on a piece of width h is at most 5.2e-4 h^4 times
 * the largest fourth derivative: below 1e-8 of the value for powers and logarithms, and for the
 * exponentials that undo the log curves of cameras. On a piece with a corner the cubic is of what
 * is left when the corner's slope is taken out. The rest is float rounding. Numbers beyond 2^16
 * count as it.
 *
 * How cubes are kept for codes of few bits: as integers of 15 bits from a cube's least value to its
 * largest, every point with the step to its neighbour along red: R, its step, G, its step, B, its
 * step, 0, 0; and behind it the same of the point across green and blue from it. So a load of both
 * and a load of one are three pairs of corners, and these a tetrahedron. Places are rounded to
 * 2^-14 of a cell. The error is up to 2^-16 of the range, which is PAIR_RANGE at most, and 2^-14 of
 * what the cell rises by: with 33 points from 0 to 1, a fiftieth of a code of 10 bits.
 *
 * How powers of exponents from 0.57 to 3.1 are looked up: x = r * (1 + t) * 2^o * 2^(8n), with n, o
 * and the eighth of the octave that r begins taken from the bits of x. So x^p is the product of
 * three numbers of tables of eight, which are a register, and of (1 + t)^p, t from 0 to 1/8: a
 * cubic that is 1 at 0 and goes through the power at Chebyshev's three nodes. Its error is at most
 * 8e-6 times the binomial (p over 4): below 3e-7 for these exponents. The tables reach from 2^-47
 * to 2^17; below 2^-39 the power is 0, beyond 2^17 that of 2^17. From 0 to 1, and of exponents from
 * 0.75, a longer polynomial does for a whole octave: x = (1 + t) * 2^o * 2^(4n), and (1 + t)^p, t
 * from 0 to 1, goes through the power at six nodes, with an error below 2.2e-7. Below 2^-27 the
 * power is 0 then, which is off by up to 8.1e-7; just below 1 it may exceed 1 by the error. One to
 * the power of p is exactly 1 by both. For codes of few bits, x = m * 2^o * 2^(4n) with m from 1 to
 * 2, and m^p goes through the power at five of Chebyshev's nodes, widened so that the outer ones
 * are 1 and 2: octaves meet, and the error is below 1.2e-5 of the value, an eightieth of a code of
 * 10 bits. */
#pragma once

/* Three or four numbers that belong together, loaded as one vector. */
typedef float point __attribute__((vector_size(16)));

enum {
    TABLE_OCTAVE_LOW = -20,
    TABLE_OCTAVE_HIGH = 16,
    TABLE_PIECE_BITS = 7, /* pieces in an octave: 2^7 */
    TABLE_PART_BITS = 23 - TABLE_PIECE_BITS,
    TABLE_PIECES = ((TABLE_OCTAVE_HIGH - TABLE_OCTAVE_LOW) << TABLE_PIECE_BITS) + 1,
    TABLE_FIRST = (127 + TABLE_OCTAVE_LOW) << TABLE_PIECE_BITS, /* 2^-20's bits, as pieces */
};
enum {
    POWER_FIRST = 127 - 47, /* exponent of the least, as floats have it */
    POWER_NODES = 6,        /* at most */
};
#define POWER_LEAST 0x1p-47f
#define POWER_MOST 0x1.fffffep16f
#define POWER_EXPONENT_LOW 0.57
#define POWER_EXPONENT_HIGH 3.1
#define POWER_UNIT_LEAST 0x1p-31f
#define POWER_UNIT_LOW 0.75f
#define POWER_PART 0.125 /* the largest t */
enum { PAIR_CELL = 1 << 14, PAIR_MOST = (1 << 15) - 1 };
#define PAIR_ZERO 0x1p23f /* added to a place: its integer is then in the lowest bits */
#define PAIR_RANGE 2.0f
/* 1 / r, of which the others are made. */
static const float power_reciprocals[8] = {1,         8 / 9.0f,  8 / 10.0f, 8 / 11.0f,
                                           8 / 12.0f, 8 / 13.0f, 8 / 14.0f, 8 / 15.0f};

#define TABLE_MOST 65535.996f /* the last float below 2^16 */
