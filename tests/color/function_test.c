/* SPDX-License-Identifier: GPL-3.0-or-later
 * Functions as tables against the functions themselves. */
#include "color/grade.h"

#include <math.h>

static double slog3(const double *p, double x) /* S-Log3 technical summary, Sony */
{
    return x >= 0.01125 ? (420 + log10((x + 0.01) / 0.19) * 261.5) / 1023
                        : (x * (171.2102946929 - 95) / 0.01125 + 95) / 1023;
}

static double unlog3(const double *p, double y)
{
    return y >= 171.2102946929 / 1023 ? pow(10, (y * 1023 - 420) / 261.5) * 0.19 - 0.01
                                      : (y * 1023 - 95) * 0.01125 / (171.2102946929 - 95);
}

static double srgb(const double *p, double x) /* IEC 61966-2-1 */
{
    const double m = fabs(x), y = m > 0.0031308 ? 1.055 * pow(m, 1 / 2.4) - 0.055 : 12.92 * m;
    return copysign(y, x);
}

static double worst_of(double (*at)(const double *, double), double corner, double low, double high)
{
    enum { COUNT = 100003 };
    g_autofree float *v = g_new(float, 3 * COUNT);
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_function(look, &(struct look_function){at, {0}, {corner, -corner}});
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    for (int i = 0; i < 3 * COUNT; i++)
        v[i] = (float)(low + (high - low) * (i % COUNT) / (COUNT - 1));
    grade_apply(grade, v, v + COUNT, v + 2 * COUNT, COUNT);
    double worst = 0;
    for (int i = 0; i < COUNT; i++) {
        const float x = (float)(low + (high - low) * i / (COUNT - 1));
        const double exact = at(NULL, x);
        worst = fmax(worst, fabs(v[i] - exact) / fmax(1, fabs(exact)));
        g_assert_cmpfloat(v[i], ==, v[COUNT + i]);
    }
    return worst;
}

static void tables_are_within_a_millionth(void)
{
    g_assert_cmpfloat(worst_of(slog3, 0.01125, -0.05, 0.1), <, 1e-6);
    g_assert_cmpfloat(worst_of(slog3, 0.01125, 0, 60), <, 1e-6);
    g_assert_cmpfloat(worst_of(unlog3, 171.2102946929 / 1023, -0.1, 1.1), <, 1e-6);
    g_assert_cmpfloat(worst_of(srgb, 0.0031308, -0.01, 0.01), <, 1e-6);
    g_assert_cmpfloat(worst_of(srgb, 0.0031308, -2, 2), <, 1e-6);
}

static double halved(const double *p, double x)
{
    return x / 2;
}

static void a_tone_scales_a_pixel_by_its_measure(void)
{
    const struct {
        double weights[3];
        float in[3], out[3];
    } cases[] = {
        {{0, 0, 0}, {0.2f, 0.8f, 0.4f}, {0.1f, 0.4f, 0.2f}},
        {{0.25, 0.5, 0.25}, {0.2f, 0.8f, -0.4f}, {0.1f, 0.4f, -0.2f}},
        {{0, 0, 0}, {-0.2f, -0.8f, -0.4f}, {-0.1f, -0.4f, -0.2f}},
        {{0.25, 0.5, 0.25}, {0, 0, 0}, {0, 0, 0}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(look_ptr) look = look_create(NULL, NULL, 0);
        struct look_stage stage = {.kind = LOOK_TONE, .tone = {.function = {.at = halved}}};
        for (int c = 0; c < 3; c++)
            stage.tone.weights[c] = cases[i].weights[c];
        look_add(look, &stage);
        g_auto(grade_ptr) grade = grade_create();
        grade_add(grade, look);
        float rgb[3] = {cases[i].in[0], cases[i].in[1], cases[i].in[2]};
        grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
        for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon(rgb[c], cases[i].out[c], 1e-7);
    }
}

static void matrices_that_follow_one_another_are_one(void)
{
    const struct look_matrix there = {{{2, 0, 0}, {0, 4, 0}, {0, 0, 1}}, {1, 0, 0}},
                             back = {{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}}, {0, 0, 0.5}};
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_matrix(look, &there);
    look_add_matrix(look, &back);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    float rgb[3] = {0.5f, 0.25f, 0.125f};
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
    g_assert_cmpfloat(rgb[0], ==, 1);
    g_assert_cmpfloat(rgb[1], ==, 2);
    g_assert_cmpfloat(rgb[2], ==, 0.625);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/function/tables", tables_are_within_a_millionth);
    g_test_add_func("/color/function/tone", a_tone_scales_a_pixel_by_its_measure);
    g_test_add_func("/color/function/matrices", matrices_that_follow_one_another_are_one);
    return g_test_run();
}
