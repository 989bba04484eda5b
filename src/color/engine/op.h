/* SPDX-License-Identifier: GPL-3.0-or-later
 * One operation of a compiled grade, and the operations there are.
 *
 * An operation is a function and its numbers. It maps a block of planar RGB in place, OP_STEP
 * pixels at least and every one alone, keeps no state, and gives finite values whatever it gets. To
 * add one: a member of the union, a constructor here, and a line where grades are compiled
 * (grade.c). What can be decided before the first pixel (tables, inverses, whether there is
 * anything to do) is decided in the constructor. */
#pragma once

#include "color/look.h"

enum {
    OP_BLOCK = 512, /* pixels per call at most: its rows stay in the first-level cache */
    OP_STEP = 16,   /* of which that is a multiple, as of any loop's vectors */
};

/* v * own + the sum of all three * grey, held between low and high. */
struct op_saturation {
    float own, grey[3], low, high;
};

struct op;
typedef void op_apply(const struct op *op, float *const rgb[3], gsize count);

struct op {
    op_apply *apply;
    op_apply *coarse; /* for pictures of few bits (coarse.h), or NULL where it is the same */
    void *table;      /* owned, aligned to 64 bytes, or NULL */
    union {
        struct {
            struct op_channel {
                float slope, offset, exponent;
                bool usual; /* its exponent: then these, see tables.h */
                float eighths[8], octaves[8], fours[8], eights[8], eighth_factor[3],
                    octave_factor[6], coarse_factor[5];
            } channel[3];
            float low, high;
        } affine;
        struct op_saturation saturation;
        struct {
            float min[3], scale[3]; /* place in the table = (value - min) * scale */
            int size;
            bool straight;               /* curves go on beyond their ends */
            struct op_saturation before; /* see op_join */
            const void *pairs;           /* of `coarse`, in the table, see tables.h; or NULL */
            float low, unit;             /* value = low + integer * unit */
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

/* (in * slope + offset, held between low and high) ^ exponent; not above 0, it stays. */
struct op op_affine(const double slope[3], const double offset[3], const double exponent[3],
                    double low, double high);
struct op op_saturate(double saturation, double low, double high);
struct op op_matrix(const struct look_matrix *matrix);
struct op op_functions(const struct look_function functions[3]);
struct op op_tone(const struct look_tone *tone);
struct op op_curves(const struct look_table *table);
struct op op_cube(const struct look_table *table);
/* Makes two operations one, in place of the first, where that does the same: a saturation that is
 * held to no less than a cube's domain needn't be held before the cube, which then does both. */
bool op_join(struct op *first, const struct op *second);
void op_finish(struct op *op);
