/* SPDX-License-Identifier: GPL-3.0-or-later
 * One operation of a compiled grade, and the operations there are.
 *
 * An operation is a function and its numbers. It maps a block of planar RGB in place, every pixel
 * alone, keeps no state, and gives finite values whatever it gets. To add one: a member of the
 * union, a constructor here, and a line where grades are compiled (grade.c). What can be decided
 * before the first pixel (tables, inverses, whether there is anything to do) is decided in the
 * constructor. */
#pragma once

#include "color/look.h"
#include "cpu.h"

#include <string.h>

#define OP_BLOCK                                                                    \
    1024 /* pixels per call at most: three rows of it stay in the first-level cache \
          */

struct op {
    void (*apply)(const struct op *op, float *const rgb[3], gsize count);
    void *table; /* owned, aligned to 64 bytes, or NULL */
    union {
        struct {
            float slope[3], offset[3], low, high;
        } affine;
        struct {
            float coarse[3], fine[3]; /* exponent = coarse + fine; see op_cdl.c */
        } power;
        struct {
            float weights[3], saturation, low, high;
        } saturate;
        struct {
            float min[3], scale[3]; /* place in the table = (value - min) * scale */
            int size;
        } table_of;
        struct {
            float factor[3][3], offset[3];
        } matrix;
        struct op_curve {
            int start; /* in the table */
            /* Where it turns a corner: in which piece, where in it, and by how much. */
            int corner_piece[2];
            float corner_part[2], corner_slope[2];
        } functions[3]; /* of R, G, B */
        struct {
            struct op_curve curve;
            float weights[3];
            bool largest;
        } tone;
    };
};

struct op op_affine(const double slope[3], const double offset[3], double low, double high);
struct op op_power(const double exponent[3]);
struct op op_saturate(double saturation, double low, double high);
struct op op_matrix(const struct look_matrix *matrix);
struct op op_functions(const struct look_function functions[3]);
struct op op_tone(const struct look_tone *tone);
/* What look-ups have in common: the places in a table of so many points per channel. */
struct op op_table(const struct look_table *table);
struct op op_curves(const struct look_table *table);
struct op op_cube(const struct look_table *table);
void op_finish(struct op *op);

/* NaN counts as 0. Every operation ends finite because of this. */
INLINED float bound(float v, float low, float high)
{
    v = v == v ? v : 0;
    v = v > low ? v : low;
    return v < high ? v : high;
}

INLINED float bits_to_float(gint32 bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINED gint32 float_to_bits(float value)
{
    gint32 bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The paths of an operation's loop, named `loop`. */
#define OP_PATHS(loop) \
    CPU_PATHS(loop, (const struct op *op, float *const rgb[3], gsize count), (op, rgb, count))
