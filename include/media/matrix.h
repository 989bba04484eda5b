/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices from one channel layout to another: the one place where the factors of a mix
 * stand. Layouts are libav's descriptions ("stereo" "5.1(side)").
 *
 * Lo/Ro is ITU-R BS.775-3, Annex 4, Table 2. Lt/Rt is ATSC A/52:2018, 7.8.2: all surrounds in
 * opposite phase to the two sides, without the phase shift of a hardware encoder. Two pairs of
 * surrounds share the place of one at -3.01 dB each, so that 7.1 becomes the same stereo at once
 * and by way of 5.1. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct matrix {
    int inputs, outputs;
    double *factor; /* of input i in output o: factor[o * inputs + i] */
};

/* What is mixed to two channels: factors of full scale, 1 = 0 dB. */
struct matrix_levels {
    bool lt_rt;
    double center, surround;
    double lfe; /* 0: left out */
};
extern const struct matrix_levels matrix_bs_775; /* Lo/Ro: -3.01 dB, -3.01 dB, left out */

/* A channel that the target has keeps its level; others go where they are heard nearest. The mix
 * to one channel is half of each side of Lo/Ro. NULL when a channel has no place there; *stranger
 * is then its name, or the layout's, to be freed. */
struct matrix *matrix_mix(const char *from, const char *to, const struct matrix_levels *levels,
                          char **stranger);
/* Output o is input pick[o], counted from 1; 0 is silence. All within `inputs`. */
struct matrix *matrix_pick(int inputs, const int *pick, int outputs);
void matrix_destroy(struct matrix *matrix); /* accepts NULL */
typedef struct matrix *matrix_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(matrix_ptr, matrix_destroy, NULL)

/* Whether each output is one input as it is, or silence. */
bool matrix_copies(const struct matrix *matrix);
/* How much higher than full scale an output can be when all inputs are at it: a factor, 1 = not. */
double matrix_highest(const struct matrix *matrix);
void matrix_scale(struct matrix *matrix, double factor);
