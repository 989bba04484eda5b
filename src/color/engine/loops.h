/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops over pixels, a set of them for each path of a processor (cpu.h). Their files are
 * compiled once a path; PATH() gives what they share a name of its own. */
#pragma once

#include "op.h"
#include "raster.h"

struct loops {
    op_apply *affine, *coarse_affine, *saturate, *matrix, *curves, *cube, *saturated_cube,
        *pair_cube, *saturated_pair_cube, *functions, *tone;
    const struct raster_loops *raster;
};

/* The set to use now. */
const struct loops *loops_best(void);

extern const struct loops loops_plain;
#ifdef __x86_64__
extern const struct loops loops_avx2, loops_avx512;
#endif

#if defined __AVX512F__
#define PATH(name) name##_avx512
#elif defined __AVX2__
#define PATH(name) name##_avx2
#else
#define PATH(name) name##_plain
#endif

op_apply PATH(affine), PATH(coarse_affine), PATH(saturate), PATH(matrix), PATH(curves), PATH(cube),
    PATH(saturated_cube), PATH(pair_cube), PATH(saturated_pair_cube), PATH(functions), PATH(tone);
extern const struct raster_loops PATH(raster_loops);
