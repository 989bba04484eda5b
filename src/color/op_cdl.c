/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of a CDL, in loops that compilers turn into vector code.
 *
 * The power: x = m * 2^e with m in [sqrt 1/2, sqrt 2), so x^p = 2^(p*e + p*log2 m). In plain float
 * p*e would lose the digits that decide; so p is split into a coarse part of 12 bits, whose product
 * with e is exact, and a fine rest. log2 is its series in s = (m-1)/(m+1), 2/ln2 (s + s^3/3 + ...),
 * exact to 2e-9 on that interval after s^9; exp2 on [-1/2, 1/2] is its Taylor series, exact to 6e-9
 * after the seventh term. What is left is float rounding: within 1e-6 absolute for results up to 1
 * and any power, 1e-6 relative for powers up to 4 (tests/color/power_test.c). Below the smallest
 * normal float, x counts as 0 and so does the result. */
#include "op.h"

#include <float.h>
#include <math.h>

#define LN2 0.6931471805599453

/* To the nearest integer, for |x| < 2^22: adding 1.5 * 2^23 leaves no room for a fraction. */
INLINED float nearest(float x)
{
    return (x + 12582912.0f) - 12582912.0f;
}

INLINED float log2_near_one(float m)
{
    const float s = (m - 1) / (m + 1), q = s * s;
    const float series = 1.0f / 3 + q * (1.0f / 5 + q * (1.0f / 7 + q * (1.0f / 9)));
    return (float)(2 / LN2) * (s + s * q * series);
}

INLINED float exp2_near_zero(float f)
{
    const float y = f * (float)LN2;
    const float tail = 1.0f / 24 + y * (1.0f / 120 + y * (1.0f / 720 + y * (1.0f / 5040)));
    return 1 + (y + y * y * (0.5f + y * (1.0f / 6 + y * tail)));
}

INLINED float power_of(float x, float coarse, float fine)
{
    const gint32 half = 0x3f3504f3; /* sqrt 1/2 */
    const gint32 bits = float_to_bits(x > FLT_MIN ? x : FLT_MIN) - half;
    const float e = (float)(bits >> 23);
    const float m = bits_to_float((bits & 0x7fffff) + half);
    const float whole = nearest(coarse * e);
    const float log2_m = log2_near_one(m);
    const float rest = (coarse * e - whole) + (fine * e + (coarse + fine) * log2_m);
    const float carry = nearest(rest);
    const float n = bound(whole + carry, -127, 126);
    const float result = bits_to_float(((gint32)n + 127) << 23) * exp2_near_zero(rest - carry);
    return x >= FLT_MIN ? result : x < 0 ? x : 0;
}

INLINED void affine_loop(const struct op *op, float *const rgb[3], gsize count)
{
    const float low = op->affine.low, high = op->affine.high;
    for (int c = 0; c < 3; c++) {
        float *restrict v = rgb[c];
        const float slope = op->affine.slope[c], offset = op->affine.offset[c];
        for (gsize i = 0; i < count; i++)
            v[i] = bound(v[i] * slope + offset, low, high);
    }
}

OP_PATHS(affine_loop)

struct op op_affine(const double slope[3], const double offset[3], double low, double high)
{
    struct op op = {.apply = affine_loop_best(),
                    .affine = {.low = (float)low, .high = (float)high}};
    for (int c = 0; c < 3; c++) {
        op.affine.slope[c] = (float)slope[c];
        op.affine.offset[c] = (float)offset[c];
    }
    return op;
}

INLINED void power_loop(const struct op *op, float *const rgb[3], gsize count)
{
    for (int c = 0; c < 3; c++) {
        float *restrict v = rgb[c];
        const float coarse = op->power.coarse[c], fine = op->power.fine[c];
        if (coarse == 1 && fine == 0)
            continue;
        for (gsize i = 0; i < count; i++)
            v[i] = power_of(v[i], coarse, fine);
    }
}

OP_PATHS(power_loop)

struct op op_power(const double exponent[3])
{
    struct op op = {.apply = power_loop_best()};
    for (int c = 0; c < 3; c++) {
        int scale;
        const double mantissa = frexp(exponent[c], &scale);
        op.power.coarse[c] = (float)ldexp(rint(ldexp(mantissa, 12)), scale - 12);
        op.power.fine[c] = (float)(exponent[c] - op.power.coarse[c]);
    }
    return op;
}

INLINED void saturate_loop(const struct op *op, float *const rgb[3], gsize count)
{
    float *restrict r = rgb[0], *restrict g = rgb[1], *restrict b = rgb[2];
    const float *const w = op->saturate.weights;
    const float saturation = op->saturate.saturation;
    const float low = op->saturate.low, high = op->saturate.high;
    for (gsize i = 0; i < count; i++) {
        const float luma = w[0] * r[i] + w[1] * g[i] + w[2] * b[i];
        r[i] = bound(luma + saturation * (r[i] - luma), low, high);
        g[i] = bound(luma + saturation * (g[i] - luma), low, high);
        b[i] = bound(luma + saturation * (b[i] - luma), low, high);
    }
}

OP_PATHS(saturate_loop)

struct op op_saturate(double saturation, double low, double high)
{
    struct op op = {.apply = saturate_loop_best()};
    for (int c = 0; c < 3; c++)
        op.saturate.weights[c] = (float)cdl_luma[c];
    op.saturate.saturation = (float)saturation;
    op.saturate.low = (float)low;
    op.saturate.high = (float)high;
    return op;
}
