/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops of arithmetic: slope, offset and power, saturation, matrices.
 *
 * The power of a usual exponent is looked up but for a last factor near 1: see tables.h. That of
 * any other: x = m * 2^e with m in [sqrt 1/2, sqrt 2), so x^p = 2^(p * (e + log2 m)). log2 m is
 * s * (a polynomial in s^2) with s = (m-1)/(m+1), and 2^f on [-1/2, 1/2] is 1 + f * (a polynomial
 * in f); both interpolate at Chebyshev's nodes and are exact to 1.2e-7 and 2.0e-7 of their value.
 *
 * With float rounding both are within 1e-6, absolute for results up to 1 and relative for results
 * up to 200 (tests/color/power_test.c). Up to the smallest normal float, x counts as 0 and so does
 * the result. */
#include "for_pixels.h"
#include "loops.h"
#include "saturate.h"

#include <float.h>

/* `p` times the logarithm of a normal number. */
INLINED vec log2_times(float p, vec x)
{
    const gint32 half = 0x3f3504f3; /* sqrt 1/2 */
    const ivec octave = ((ivec)x - half) & -(1 << 23);
    const vec e = vec_of(octave), m = (vec)((ivec)x - octave);
    const vec s = (m - 1) / (m + 1), q = s * s;
    const vec high = vec_fused(q, vec_all(p * 0.5957596069f), vec_all(p * 0.9615889467f)),
              all = vec_fused(q, high, vec_all(p * 2.885390422f));
    return vec_fused(s, all, e * (p / (1 << 23)));
}

INLINED vec exp2_near_zero(vec f)
{
    const vec f2 = f * f;
    const vec low = vec_fused(f, vec_all(0.2402234904f), vec_all(0.6931471806f)),
              high = vec_fused(f, vec_all(0.009666368515f), vec_all(0.05550381014f));
    return vec_fused(f, vec_fused(f2, vec_fused(f2, vec_all(0.001338130254f), high), low),
                     vec_all(1));
}

/* For -125 to 127. Adding 1.5 * 2^23 leaves no room for a fraction: the nearest integer is in the
 * lowest bits, from where it is added to the exponent. */
INLINED vec exp2_of(vec v)
{
    const float magic = 12582912;
    const vec whole = v + magic;
    return (vec)((ivec)exp2_near_zero(v - (whole - magic)) + ((ivec)whole << 23));
}

struct channel {
    struct op_channel of;
    float low, high;
};

INLINED vec affine_of(const struct channel *n, vec in)
{
    return vec_fused(in, vec_all(n->of.slope), vec_all(n->of.offset));
}

INLINED void affine_channel(const struct channel *n, float *v, gsize count)
{
    for (gsize i = 0; i < count; i += LANES)
        vec_store(v + i, vec_bound(affine_of(n, vec_load(v + i)), n->low, n->high));
}

/* In two loops: the steps of a power wait for one another, and a processor finds enough of other
 * pixels' steps to do meanwhile only where there are few. What is left of the time goes with the
 * number of steps. */
INLINED void power_channel(const struct channel *n, float *v, gsize count)
{
    float logs[OP_BLOCK];
    for (gsize i = 0; i < count; i += LANES) {
        const vec x = vec_bound(affine_of(n, vec_load(v + i)), n->low, n->high);
        vec_store(v + i, x);
        vec_store(logs + i, log2_times(n->of.exponent, vec_max(x, vec_all(FLT_MIN))));
    }
    for (gsize i = 0; i < count; i += LANES) {
        const vec x = vec_load(v + i), log = vec_load(logs + i);
        const vec power = exp2_of(vec_min(vec_max(log, vec_all(-125)), vec_all(127)));
        vec_store(v + i, vec_where(vec_above(x, vec_all(FLT_MIN)), power) + vec_min(x, vec_all(0)));
    }
}

/* What a positive number is in its octave: from 1 to 2. */
INLINED vec vec_fraction(ivec bits)
{
    return (vec)((bits & 0x7fffff) | 0x3f800000);
}

/* NaN counts as 0. */
INLINED vec usual_power(const struct op_channel *n, vec x)
{
    const ivec bits = (ivec)vec_cap(vec_max(x, vec_all(POWER_LEAST)), vec_all(POWER_MOST));
    const ivec eighth = bits >> 20, octave = bits >> 23, eight = bits >> 26;
    const vec m = vec_fraction(bits),
              t = vec_fused(m, vec_of_eight(power_reciprocals, eighth), vec_all(-1));
    const vec of_r = vec_of_eight(n->eighths, eighth) * vec_of_eight(n->octaves, octave) *
                     vec_of_eight(n->eights, eight);
    const vec bend = vec_fused(t, vec_all(n->eighth_factor[2]), vec_all(n->eighth_factor[1])),
              slope = vec_fused(t, bend, vec_all(n->eighth_factor[0]));
    return vec_fused(of_r * t, slope, of_r);
}

INLINED void usual_channel(const struct channel *n, float *v, gsize count)
{
    for (gsize i = 0; i < count; i += LANES) {
        const vec x = vec_bound(affine_of(n, vec_load(v + i)), n->low, n->high);
        vec_store(v + i, usual_power(&n->of, x) + vec_min(x, vec_all(0)));
    }
}

/* The same from 0 to 1, for the ASC's clamp: the larger of NaN and 0 is 0. */
INLINED vec unit_power(const struct op_channel *n, vec x)
{
    const ivec bits = (ivec)vec_cap(vec_max(x, vec_all(POWER_UNIT_LEAST)), vec_all(1));
    const vec t = vec_fraction(bits) - 1,
              of_octave = vec_of_products(n->octaves, n->fours, bits >> 23);
    vec slope = vec_all(n->octave_factor[5]);
    for (int i = 4; i >= 0; i--)
        slope = vec_fused(t, slope, vec_all(n->octave_factor[i]));
    return vec_fused(of_octave * t, slope, of_octave);
}

INLINED void unit_channel(const struct channel *n, float *v, gsize count)
{
    for (gsize i = 0; i < count; i += LANES)
        vec_store(v + i, unit_power(&n->of, affine_of(n, vec_load(v + i))));
}

/* To the numbers of coarse.h. */
INLINED vec coarse_power(const struct op_channel *n, vec x)
{
    const ivec bits = (ivec)vec_cap(vec_max(x, vec_all(POWER_UNIT_LEAST)), vec_all(1));
    const vec m = vec_fraction(bits);
    vec factor = vec_all(n->coarse_factor[4]);
    for (int i = 3; i >= 0; i--)
        factor = vec_fused(m, factor, vec_all(n->coarse_factor[i]));
    return vec_of_products(n->octaves, n->fours, bits >> 23) * factor;
}

INLINED void coarse_channel(const struct channel *n, float *v, gsize count)
{
    for (gsize i = 0; i < count; i += LANES)
        vec_store(v + i, coarse_power(&n->of, affine_of(n, vec_load(v + i))));
}

INLINED void affine_of_op(const struct op *op, bool coarse, float *const rgb[3], gsize count)
{
    for (int c = 0; c < 3; c++) {
        const struct channel n = {op->affine.channel[c], op->affine.low, op->affine.high};
        const bool unit = n.low == 0 && n.high == 1 && n.of.exponent >= POWER_UNIT_LOW;
        if (n.of.exponent == 1)
            affine_channel(&n, rgb[c], count);
        else if (!n.of.usual)
            power_channel(&n, rgb[c], count);
        else if (unit && coarse)
            coarse_channel(&n, rgb[c], count);
        else if (unit)
            unit_channel(&n, rgb[c], count);
        else
            usual_channel(&n, rgb[c], count);
    }
}

void PATH(affine)(const struct op *op, float *const rgb[3], gsize count)
{
    affine_of_op(op, false, rgb, count);
}

void PATH(coarse_affine)(const struct op *op, float *const rgb[3], gsize count)
{
    affine_of_op(op, true, rgb, count);
}

/* What comes is finite. */
INLINED void saturate_step(const struct op *op, vec rgb[3])
{
    saturate(&op->saturation, rgb);
    for (int c = 0; c < 3; c++)
        rgb[c] =
            vec_cap(vec_max(rgb[c], vec_all(op->saturation.low)), vec_all(op->saturation.high));
}

INLINED void matrix_step(const struct op *op, vec rgb[3])
{
    const vec r = rgb[0], g = rgb[1], b = rgb[2];
    for (int c = 0; c < 3; c++) {
        const float *const m = op->matrix.factor[c];
        vec v = vec_fused(vec_all(m[2]), b, vec_all(op->matrix.offset[c]));
        v = vec_fused(vec_all(m[0]), r, vec_fused(vec_all(m[1]), g, v));
        rgb[c] = vec_bound(v, -FLT_MAX, FLT_MAX);
    }
}

OP_LOOP(saturate)
OP_LOOP(matrix)
