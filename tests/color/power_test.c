/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fast power keeps the bound that loops_grade.c states, clamped as the ASC wants it or not, and
 * that of few bits the one of tables.h, against pow() in double precision. */
#include "op.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define BOUND 1e-6
#define COARSE_BOUND 1.2e-5
#define COUNT OP_BLOCK

static float in[COUNT], out[COUNT];

static float clamp_low = -FLT_MAX, clamp_high = FLT_MAX;
static bool coarse = false;

static void raise_all(double exponent)
{
    float spare[2][COUNT] = {{0}};
    const double ones[3] = {1, 1, 1}, zeros[3] = {0};
    const struct op op =
        op_affine(ones, zeros, (const double[3]){exponent, 1, 1}, clamp_low, clamp_high);
    memcpy(out, in, sizeof out);
    (coarse ? op.coarse : op.apply)(&op, (float *const[3]){out, spare[0], spare[1]}, COUNT);
}

/* The largest error, relative above `floor` and absolute (in units of it) below. */
static double worst_error(double exponent, double floor)
{
    double worst = 0;
    raise_all(exponent);
    for (int i = 0; i < COUNT; i++) {
        const double wanted = pow(in[i], exponent);
        worst = MAX(worst, fabs(out[i] - wanted) / MAX(wanted, floor));
    }
    return worst;
}

static void is_within_bound_on_codes(void)
{
    static const double exponents[] = {0.01, 0.1, 1 / 2.4, 0.45, 0.5, 0.75, 0.81, 0.999, 1.001,
                                       1.27, 2,   2.2,     2.6,  4,   7.3,  16,   100,   1000};
    double worst = 0;
    for (gsize e = 0; e < G_N_ELEMENTS(exponents); e++)
        for (int start = 0; start <= 65536; start += COUNT) {
            for (int i = 0; i < COUNT; i++)
                in[i] = (float)MIN(start + i, 65535) / 65535;
            const double error = worst_error(exponents[e], 1);
            if (error >= BOUND)
                g_test_message("x^%g is off by %g", exponents[e], error);
            worst = MAX(worst, error);
        }
    g_test_message("largest error on 16-bit codes: %g", worst);
    g_assert_cmpfloat(worst, <, BOUND);
}

static void keeps_black_and_white(void)
{
    for (double exponent = 0.05; exponent < 20; exponent *= 1.37) {
        in[0] = 0;
        in[1] = 1;
        raise_all(exponent);
        g_assert_cmpfloat(out[0], ==, 0);
        g_assert_cmpfloat(out[1], ==, 1);
    }
}

static void is_within_bound_on_magnitudes(double most)
{
    double worst = 0;
    for (int e = 1; e <= 80; e++) { /* powers 0.05 to 4 */
        const double exponent = e * 0.05;
        const double low = -120, high = MIN(most, log2(200) / exponent);
        for (int i = 0; i < COUNT; i++)
            in[i] = (float)exp2(low + (high - low) * (i + 0.37) / COUNT);
        worst = MAX(worst, worst_error(exponent, 1));
    }
    g_test_message("largest error: %g", worst);
    g_assert_cmpfloat(worst, <, BOUND);
}

static void is_within_bound_on_all_magnitudes(void)
{
    is_within_bound_on_magnitudes(120);
}

static void is_within_bound_when_clamped(void)
{
    clamp_low = 0;
    clamp_high = 1;
    is_within_bound_on_codes();
    is_within_bound_on_magnitudes(0);
    keeps_black_and_white();
    clamp_low = -FLT_MAX;
    clamp_high = FLT_MAX;
}

/* Codes of 12 bits, of which 0 and 1 are exact but for rounding. */
static void is_within_a_part_of_a_code_for_few_bits(void)
{
    clamp_low = 0;
    clamp_high = 1;
    coarse = true;
    for (int e = 0; e <= 47; e++) {
        const double exponent = 0.75 + e * 0.05;
        for (int start = 0; start < 4096; start += COUNT) {
            for (int i = 0; i < COUNT; i++)
                in[i] = (float)(start + i) / 4095;
            raise_all(exponent);
            for (int i = 0; i < COUNT; i++) {
                const double wanted = pow(in[i], exponent);
                g_assert_cmpfloat(fabs(out[i] - wanted), <=, COARSE_BOUND * wanted);
                g_assert_cmpfloat(out[i], >=, i ? out[i - 1] : 0);
            }
        }
        g_assert_cmpfloat_with_epsilon(out[COUNT - 1], 1, BOUND);
    }
    clamp_low = -FLT_MAX;
    clamp_high = FLT_MAX;
    coarse = false;
}

static void never_decreases_on_codes(void)
{
    float last = 0;
    for (int start = 0; start < 65536; start += COUNT) {
        for (int i = 0; i < COUNT; i++)
            in[i] = (float)(start + i) / 65535;
        raise_all(1 / 2.4);
        for (int i = 0; i < COUNT; i++) {
            g_assert_cmpfloat(out[i], >=, last);
            last = out[i];
        }
    }
}

static void stays_finite_at_the_extremes(void)
{
    static const float extremes[] = {0x1p-149f, 0x1p-126f, 0x1.fffffep127f, INFINITY, -INFINITY};
    for (gsize e = 0; e < 2; e++) {
        memset(in, 0, sizeof in);
        memcpy(in, extremes, sizeof extremes);
        raise_all(e ? 1000 : 0.001);
        for (gsize i = 0; i < 4; i++)
            g_assert_true(isfinite(out[i]));
        g_assert_cmpfloat(out[4], <, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/power/codes", is_within_bound_on_codes);
    g_test_add_func("/color/power/clamped", is_within_bound_when_clamped);
    g_test_add_func("/color/power/coarse", is_within_a_part_of_a_code_for_few_bits);
    g_test_add_func("/color/power/magnitudes", is_within_bound_on_all_magnitudes);
    g_test_add_func("/color/power/monotonic", never_decreases_on_codes);
    g_test_add_func("/color/power/ends", keeps_black_and_white);
    g_test_add_func("/color/power/extremes", stays_finite_at_the_extremes);
    return g_test_run();
}
