/* SPDX-License-Identifier: GPL-3.0-or-later
 * Eight numbers at once, for the loops. GCC and clang lower these types to what the path has; the
 * few operations their C has no word for are written out for AVX2. */
#pragma once

#include "tables.h"

#include <glib.h>
#include <string.h>

#ifdef __AVX2__
#include <immintrin.h>
#endif

/* Nothing here crosses a call, so how such a vector would be passed is of no matter. */
#pragma GCC diagnostic ignored "-Wpsabi"

#define INLINED static inline __attribute__((always_inline))

enum { LANES = 8 };
typedef float vec __attribute__((vector_size(32)));
typedef gint32 ivec __attribute__((vector_size(32)));

INLINED vec vec_load(const float *from)
{
    vec v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINED void vec_store(float *to, vec v)
{
    memcpy(to, &v, sizeof v);
}

INLINED vec vec_all(float x)
{
    return (vec){x, x, x, x, x, x, x, x};
}

/* `a` where the mask's lane is all ones, `b` where it is 0. */
INLINED vec vec_select(ivec mask, vec a, vec b)
{
#ifdef __AVX2__
    return (vec)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (vec)(((ivec)a & mask) | ((ivec)b & ~mask));
#endif
}

INLINED ivec ivec_all(gint32 x)
{
    return (ivec){x, x, x, x, x, x, x, x};
}

INLINED ivec ivec_select(ivec mask, ivec a, ivec b)
{
    return (ivec)vec_select(mask, (vec)a, (vec)b);
}

/* The second where one is NaN. */
INLINED vec vec_max(vec a, vec b)
{
#ifdef __AVX2__
    return (vec)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vec_select(a > b, a, b);
#endif
}

INLINED vec vec_min(vec a, vec b)
{
#ifdef __AVX2__
    return (vec)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vec_select(a < b, a, b);
#endif
}

/* The lower one, where `most` isn't negative and neither is NaN: as integers they have the same
 * order, and there are more units to compare them. */
INLINED vec vec_cap(vec v, vec most)
{
#ifdef __AVX2__
    return (vec)_mm256_min_epi32((__m256i)v, (__m256i)most);
#else
    return vec_min(v, most);
#endif
}

/* a * b + c, rounded once. */
INLINED vec vec_fused(vec a, vec b, vec c)
{
#ifdef __AVX2__
    return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    vec out;
    for (int i = 0; i < LANES; i++)
        out[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return out;
#endif
}

/* Towards 0. */
INLINED ivec vec_whole(vec v)
{
    return __builtin_convertvector(v, ivec);
}

/* Eight bytes; eight pairs of bytes, low byte first. */
INLINED ivec ivec_of_bytes(const void *from)
{
    guint8 v __attribute__((vector_size(8)));
    memcpy(&v, from, sizeof v);
#ifdef __AVX2__
    return (ivec)_mm256_cvtepu8_epi32((__m128i){(long long)v});
#else
    return __builtin_convertvector(v, ivec);
#endif
}

INLINED ivec ivec_of_shorts(const void *from)
{
    guint16 v __attribute__((vector_size(16)));
    memcpy(&v, from, sizeof v);
#ifdef __AVX2__
    return (ivec)_mm256_cvtepu16_epi32((__m128i)v);
#else
    return __builtin_convertvector(v, ivec);
#endif
}

INLINED vec vec_of(ivec v)
{
    return __builtin_convertvector(v, vec);
}

/* Of what isn't negative, and below 2^31. */
INLINED vec vec_floor(vec v)
{
#ifdef __AVX2__
    return (vec)_mm256_floor_ps((__m256)v);
#else
    return vec_of(vec_whole(v));
#endif
}

/* The lower half of the one, the upper half of the other. Compilers shuffle where a blend will do,
 * of which a processor does more at once. */
INLINED vec vec_halves(vec lower, vec upper)
{
#ifdef __AVX2__
    return (vec)_mm256_blend_ps((__m256)lower, (__m256)upper, 0xf0);
#else
    return __builtin_shufflevector(lower, upper, 0, 1, 2, 3, 12, 13, 14, 15);
#endif
}

/* The upper half of the one, then the lower half of the other. */
INLINED vec vec_halves_crossed(vec a, vec b)
{
    return __builtin_shufflevector(a, b, 4, 5, 6, 7, 8, 9, 10, 11);
}

/* NaN counts as 0. Every operation ends finite because of this. */
INLINED vec vec_bound(vec v, float low, float high)
{
    v = (vec)((ivec)v & (v == v));
    return vec_min(vec_max(v, vec_all(low)), vec_all(high));
}
