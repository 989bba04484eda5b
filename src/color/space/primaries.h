/* SPDX-License-Identifier: GPL-3.0-or-later
 * Primaries and white, and matrices between them, worked out in double (SMPTE RP 177).
 *
 * Between different whites colours are adapted, so that white stays white: by the Bradford matrix,
 * or by that of CIECAM02 where the maker's own transforms to ACES use it (Sony, Canon, ARRI). */
#pragma once

#include <stdbool.h>

struct primaries {
    double red[2], green[2], blue[2], white[2]; /* CIE 1931 x, y */
    bool cat02;                                 /* adapted by CIECAM02's matrix */
};

extern const struct primaries primaries_bt709, primaries_bt2020, primaries_525, primaries_625,
    primaries_p3_d65, primaries_p3_dci, primaries_ap0, primaries_ap1, primaries_sgamut3,
    primaries_sgamut3_cine, primaries_awg3, primaries_awg4, primaries_vgamut, primaries_cgamut,
    primaries_rwg;

/* Rows of factors. */
struct m3 {
    double at[3][3];
};

/* Linear RGB to CIE XYZ with Y of white = 1, and back. */
struct m3 primaries_to_xyz(const struct primaries *from);
struct m3 primaries_from_xyz(const struct primaries *to);

/* Linear RGB to XYZ as an ICC profile has it: adapted to its white, D50, by Bradford's matrix
 * (ICC.1, annex E). */
struct m3 primaries_to_d50(const struct primaries *from);

/* Linear RGB of one to that of the other, by CIECAM02's matrix if that is the way of one of them.
 */
struct m3 primaries_convert(const struct primaries *from, const struct primaries *to);
