/* SPDX-License-Identifier: GPL-3.0-or-later
 * One operation of a compiled grade, and the operations there are.
 *
 * An operation is a function and its numbers. It maps a block of planar RGB in place, every pixel
 * alone, keeps no state, and gives finite values whatever it gets. To add one: a member of the
 * union, a constructor here, and a line where grades are compiled (grade.c). What can be decided
 * before the first pixel (tables, inverses, whether there is anything to do) is decided in the
 * constructor. */
#pragma once

#include "color/cdl.h"
#include "color/lut.h"

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
    };
};

struct op op_affine(const double slope[3], const double offset[3], double low, double high);
struct op op_power(const double exponent[3]);
struct op op_saturate(double saturation, double low, double high);
/* What look-ups have in common: the places in a table of so many points per channel. */
struct op op_table(const struct lut_domain *domain, unsigned size);
struct op op_curve(const struct lut *lut);
struct op op_cube(const struct lut *lut);
void op_finish(struct op *op);
