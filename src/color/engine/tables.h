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
 * count as it. */
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
#define TABLE_MOST 65535.996f /* the last float below 2^16 */
