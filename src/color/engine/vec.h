/* SPDX-License-Identifier: GPL-3.0-or-later
 * Some numbers at once, for the loops: LANES of them, as wide as the path's registers are. GCC and
 * clang lower these types to what the path has; the few operations their C has no word for are
 * written out for AVX2 and AVX-512. */
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

#ifdef __AVX512F__
enum { LANES = 16 };
typedef __mmask16 mask;
#else
enum { LANES = 8 };
typedef gint32 mask __attribute__((vector_size(32))); /* all ones, or 0 */
#endif
typedef float vec __attribute__((vector_size(4 * LANES)));
typedef gint32 ivec __attribute__((vector_size(4 * LANES)));

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

INLINED void ivec_store(gint32 *to, ivec v)
{
    memcpy(to, &v, sizeof v);
}

INLINED vec vec_all(float x)
{
    return x - (vec){0};
}

INLINED ivec ivec_all(gint32 x)
{
    return x + (ivec){0};
}

/* --- masks --- */

INLINED mask vec_above(vec a, vec b)
{
#ifdef __AVX512F__
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ);
#else
    return a > b;
#endif
}

INLINED mask ivec_above(ivec a, ivec b)
{
#ifdef __AVX512F__
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b);
#else
    return a > b;
#endif
}

INLINED mask ivec_equal(ivec a, ivec b)
{
#ifdef __AVX512F__
    return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b);
#else
    return a == b;
#endif
}

/* `a` where the mask is set, `b` elsewhere. */
INLINED vec vec_select(mask set, vec a, vec b)
{
#if defined __AVX512F__
    return (vec)_mm512_mask_mov_ps((__m512)b, set, (__m512)a);
#elif defined __AVX2__
    return (vec)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)set);
#else
    return (vec)(((ivec)a & set) | ((ivec)b & ~set));
#endif
}

INLINED ivec ivec_select(mask set, ivec a, ivec b)
{
#ifdef __AVX512F__
    return (ivec)_mm512_mask_mov_epi32((__m512i)b, set, (__m512i)a);
#else
    return (ivec)vec_select(set, (vec)a, (vec)b);
#endif
}

/* 0 where the mask isn't set. */
INLINED vec vec_where(mask set, vec v)
{
#ifdef __AVX512F__
    return (vec)_mm512_maskz_mov_ps(set, (__m512)v);
#else
    return (vec)((ivec)v & set);
#endif
}

INLINED ivec ivec_where(mask set, ivec v)
{
    return (ivec)vec_where(set, (vec)v);
}

/* --- arithmetic --- */

/* The second where one is NaN. */
INLINED vec vec_max(vec a, vec b)
{
#if defined __AVX512F__
    return (vec)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined __AVX2__
    return (vec)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vec_select(a > b, a, b);
#endif
}

INLINED vec vec_min(vec a, vec b)
{
#if defined __AVX512F__
    return (vec)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined __AVX2__
    return (vec)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vec_select(a < b, a, b);
#endif
}

/* The lower one, where `most` isn't negative and `v` isn't NaN: as integers they have the same
 * order, and of AVX2's units more compare those. */
INLINED vec vec_cap(vec v, vec most)
{
#if defined __AVX512F__
    return (vec)_mm512_min_ps((__m512)v, (__m512)most);
#elif defined __AVX2__
    return (vec)_mm256_min_epi32((__m256i)v, (__m256i)most);
#else
    return vec_min(v, most);
#endif
}

/* a * b + c, rounded once. */
INLINED vec vec_fused(vec a, vec b, vec c)
{
#if defined __AVX512F__
    return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined __AVX2__
    return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    vec out;
    for (int i = 0; i < LANES; i++)
        out[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return out;
#endif
}

/* NaN counts as 0. Every operation ends finite because of this. */
INLINED vec vec_bound(vec v, float low, float high)
{
#ifdef __AVX512F__
    v = vec_where(_mm512_cmp_ps_mask((__m512)v, (__m512)v, _CMP_ORD_Q), v);
#else
    v = vec_where(v == v, v);
#endif
    return vec_min(vec_max(v, vec_all(low)), vec_all(high));
}

/* Towards 0. */
INLINED ivec vec_whole(vec v)
{
    return __builtin_convertvector(v, ivec);
}

INLINED vec vec_of(ivec v)
{
    return __builtin_convertvector(v, vec);
}

INLINED ivec ivec_min(ivec a, ivec b)
{
#if defined __AVX512F__
    return (ivec)_mm512_min_epi32((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (ivec)_mm256_min_epi32((__m256i)a, (__m256i)b);
#else
    return ivec_select(a < b, a, b);
#endif
}

INLINED ivec ivec_max(ivec a, ivec b)
{
#if defined __AVX512F__
    return (ivec)_mm512_max_epi32((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (ivec)_mm256_max_epi32((__m256i)a, (__m256i)b);
#else
    return ivec_select(a > b, a, b);
#endif
}

/* Of what is below 2^16: as both halves of the number. */
INLINED ivec ivec_twice(ivec v)
{
    return v | v << 16;
}

/* The lower one, and the larger one, of both halves, which are below 2^15. */
INLINED ivec ivec_min_both(ivec a, ivec b)
{
#if defined __AVX512F__
    return (ivec)_mm512_min_epi16((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (ivec)_mm256_min_epi16((__m256i)a, (__m256i)b);
#else
    const gint32 low = 0xffff, high = ~low;
    return ivec_min(a & low, b & low) | ivec_min(a & high, b & high);
#endif
}

INLINED ivec ivec_max_both(ivec a, ivec b)
{
#if defined __AVX512F__
    return (ivec)_mm512_max_epi16((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (ivec)_mm256_max_epi16((__m256i)a, (__m256i)b);
#else
    const gint32 low = 0xffff, high = ~low;
    return ivec_max(a & low, b & low) | ivec_max(a & high, b & high);
#endif
}

/* sum + low a * low b + high a * high b: of both 16 bits, with a sign. */
INLINED ivec ivec_dot(ivec a, ivec b, ivec sum)
{
#if defined __AVX512VNNI__
    return (ivec)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return sum + (ivec)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#else
    return sum + (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
#endif
}

/* What is above the whole number, of what isn't negative, and below 2^31. */
INLINED vec vec_part(vec v)
{
#if defined __AVX512F__
    return (vec)_mm512_reduce_ps((__m512)v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#elif defined __AVX2__
    return v - (vec)_mm256_floor_ps((__m256)v);
#else
    return v - vec_of(vec_whole(v));
#endif
}

/* --- samples --- */

typedef guint8 bvec __attribute__((vector_size(LANES)));
typedef guint16 svec __attribute__((vector_size(2 * LANES)));

/* As many bytes; as many pairs of bytes, low byte first. */
INLINED ivec ivec_of_bytes(const void *from)
{
    bvec v;
    memcpy(&v, from, sizeof v);
#if defined __AVX512F__
    return (ivec)_mm512_cvtepu8_epi32((__m128i)v);
#elif defined __AVX2__
    return (ivec)_mm256_cvtepu8_epi32((__m128i){(long long)v});
#else
    return __builtin_convertvector(v, ivec);
#endif
}

INLINED ivec ivec_of_shorts(const void *from)
{
    svec v;
    memcpy(&v, from, sizeof v);
#if defined __AVX512F__
    return (ivec)_mm512_cvtepu16_epi32((__m256i)v);
#elif defined __AVX2__
    return (ivec)_mm256_cvtepu16_epi32((__m128i)v);
#else
    return __builtin_convertvector(v, ivec);
#endif
}

/* The lowest byte of each. Only AVX-512 has one step for it. */
INLINED bvec bvec_of(ivec v)
{
#ifdef __AVX512F__
    return __builtin_convertvector(v, bvec);
#else
    return __builtin_convertvector(__builtin_convertvector(v, svec), bvec);
#endif
}

/* --- tables --- */

/* Of eight numbers, those that the lowest three bits of `at` say. */
INLINED vec vec_of_eight(const float table[8], ivec at)
{
#if defined __AVX512F__
    const __m512 twice = _mm512_broadcast_f32x8(_mm256_loadu_ps(table));
    return (vec)_mm512_permutexvar_ps((__m512i)at, twice);
#elif defined __AVX2__
    return (vec)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)at);
#else
    vec out;
    for (int i = 0; i < LANES; i++)
        out[i] = table[at[i] & 7];
    return out;
#endif
}

/* The product of two of eight numbers each: the lowest two bits of `at` say which of the last four
 * of `low`, the next three which of `high`. AVX-512 holds all 32 products. */
INLINED vec vec_of_products(const float low[8], const float high[8], ivec at)
{
#ifdef __AVX512F__
    const ivec first = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const vec of_low = vec_of_eight(low, first | 4),
              front = of_low * vec_of_eight(high, first >> 2),
              back = of_low * vec_of_eight(high, (first >> 2) + 4);
    return (vec)_mm512_permutex2var_ps((__m512)front, (__m512i)at, (__m512)back);
#else
    return vec_of_eight(low, at | 4) * vec_of_eight(high, at >> 2);
#endif
}

/* Points at every fourth of these bytes of a table: of lanes 0, 4 … That is how vec_turn wants
 * them, and a weight is spread over a point's numbers within a quarter (VEC_SPREAD). */
INLINED vec vec_points(const void *table, const gint32 *bytes)
{
    const char *const from = table;
#define POINT(k) (*(const point *)(from + bytes[k]))
    /* Blends of what is loaded; what compilers make of a shuffle waits for the one unit that
     * shuffles. */
#if defined __AVX512F__
    __m512 v = _mm512_castps128_ps512((__m128)POINT(0));
    v = _mm512_mask_broadcast_f32x4(v, 0x00f0, (__m128)POINT(4));
    v = _mm512_mask_broadcast_f32x4(v, 0x0f00, (__m128)POINT(8));
    return (vec)_mm512_mask_broadcast_f32x4(v, 0xf000, (__m128)POINT(12));
#elif defined __AVX2__
    return (vec)_mm256_blend_ps(_mm256_castps128_ps256((__m128)POINT(0)),
                                _mm256_broadcast_ps((const __m128 *)&POINT(4)), 0xf0);
#else
    return __builtin_shufflevector(POINT(0), POINT(4), 0, 1, 2, 3, 4, 5, 6, 7);
#endif
#undef POINT
}

/* The same of two points each, one behind the other. */
INLINED void vec_two_points(const void *table, const gint32 *bytes, vec out[2])
{
#ifdef __AVX512F__
    const char *const from = table;
#define BOTH(k) _mm256_loadu_ps((const float *)(from + bytes[k]))
    const __m512 a = _mm512_mask_broadcast_f32x8(_mm512_castps256_ps512(BOTH(0)), 0xff00, BOTH(4)),
                 b = _mm512_mask_broadcast_f32x8(_mm512_castps256_ps512(BOTH(8)), 0xff00, BOTH(12));
#undef BOTH
    out[0] = (vec)_mm512_shuffle_f32x4(a, b, 0x88);
    out[1] = (vec)_mm512_shuffle_f32x4(a, b, 0xdd);
#else
    out[0] = vec_points(table, bytes);
    out[1] = vec_points((const point *)table + 1, bytes);
#endif
}

/* Lane k of every four, over all four. */
#ifdef __AVX512F__
#define VEC_SPREAD(v, k)                                                                   \
    __builtin_shufflevector(v, v, k, k, k, k, (k) + 4, (k) + 4, (k) + 4, (k) + 4, (k) + 8, \
                            (k) + 8, (k) + 8, (k) + 8, (k) + 12, (k) + 12, (k) + 12, (k) + 12)
#else
#define VEC_SPREAD(v, k) \
    __builtin_shufflevector(v, v, k, k, k, k, (k) + 4, (k) + 4, (k) + 4, (k) + 4)
#endif

/* --- order --- */

/* Within each four of both: their first two, or last two, in turn; then two by two. */
INLINED vec zip_low(vec a, vec b)
{
#ifdef __AVX512F__
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
#else
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
#endif
}

INLINED vec zip_high(vec a, vec b)
{
#ifdef __AVX512F__
    return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15,
                                   31);
#else
    return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
#endif
}

INLINED vec join_low(vec a, vec b)
{
#ifdef __AVX512F__
    return __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
#else
    return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
#endif
}

INLINED vec join_high(vec a, vec b)
{
#ifdef __AVX512F__
    return __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30,
                                   31);
#else
    return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
#endif
}

/* Points of every fourth pixel, from the first, second, third and fourth one on, become vectors of
 * each of their numbers. */
INLINED void vec_turn(const vec in[4], vec out[4])
{
    const vec ab_low = zip_low(in[0], in[1]), ab_high = zip_high(in[0], in[1]),
              cd_low = zip_low(in[2], in[3]), cd_high = zip_high(in[2], in[3]);
    out[0] = join_low(ab_low, cd_low);
    out[1] = join_high(ab_low, cd_low);
    out[2] = join_low(ab_high, cd_high);
    out[3] = join_high(ab_high, cd_high);
}

struct two {
    vec even, odd;
};

/* The first and the second ones of all pairs, and back. */
INLINED struct two vec_apart(const float *in)
{
    const vec low = vec_load(in), high = vec_load(in + LANES);
#ifdef __AVX512F__
    return (struct two){__builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20,
                                                22, 24, 26, 28, 30),
                        __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21,
                                                23, 25, 27, 29, 31)};
#else
    const vec evens = __builtin_shufflevector(low, high, 0, 2, 8, 10, 4, 6, 12, 14),
              odds = __builtin_shufflevector(low, high, 1, 3, 9, 11, 5, 7, 13, 15);
    return (struct two){__builtin_shufflevector(evens, evens, 0, 1, 4, 5, 2, 3, 6, 7),
                        __builtin_shufflevector(odds, odds, 0, 1, 4, 5, 2, 3, 6, 7)};
#endif
}

INLINED void vec_together(struct two v, float *out)
{
#ifdef __AVX512F__
    vec_store(out, __builtin_shufflevector(v.even, v.odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                           6, 22, 7, 23));
    vec_store(out + LANES, __builtin_shufflevector(v.even, v.odd, 8, 24, 9, 25, 10, 26, 11, 27, 12,
                                                   28, 13, 29, 14, 30, 15, 31));
#else
    const vec low = zip_low(v.even, v.odd), high = zip_high(v.even, v.odd);
    vec_store(out, __builtin_shufflevector(low, high, 0, 1, 2, 3, 8, 9, 10, 11));
    vec_store(out + LANES, __builtin_shufflevector(low, high, 4, 5, 6, 7, 12, 13, 14, 15));
#endif
}
