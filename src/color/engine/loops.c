/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of one path. */
#include "loops.h"

const struct loops PATH(loops) = {
    PATH(affine),         PATH(coarse_affine), PATH(saturate),
    PATH(matrix),         PATH(curves),        PATH(cube),
    PATH(saturated_cube), PATH(pair_cube),     PATH(saturated_pair_cube),
    PATH(functions),      PATH(tone),          &PATH(raster_loops),
};
