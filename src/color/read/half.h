/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables over all half floats (IEEE 754 binary16), as stages of a look: a function that turns a
 * number into the place of its bits among the halves, which is linear between two of them, and
 * evenly spaced curves behind it. So what is between two halves is interpolated linearly, exactly;
 * what is beyond the largest half counts as it. */
#pragma once

#include "color/look.h"

enum {
    HALF_LAST = 0x7bff, /* the bits of the largest finite half, 65504 */
    HALF_POINTS = 2 * HALF_LAST + 1,
};

/* Of any bits: infinities as the largest half of their sign, NaN as 0. */
double half_value(guint bits);

/* The curves, all points to be filled by the caller; point `i` is at half_at(i). Valid until the
 * next stage is added. */
struct look_table *look_add_halves(struct look *look);
double half_at(int point);
/* The bits of the half that point `i` stands for: 0 to 0xffff. */
guint half_bits(int point);

/* Functions of R, G, B sampled at every half, for those that LOOK_FUNCTIONS can't hold near 0. */
void look_add_by_halves(struct look *look, const struct look_function functions[3]);
