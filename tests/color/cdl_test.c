/* SPDX-License-Identifier: GPL-3.0-or-later
 * The CDL's definition and its fast form against published numbers: OpenColorIO's CDLOp tests
 * (style v1.2 forward), which carry six decimals. */
#include "color/cdl.h"

#include "color/grade.h"

#include <math.h>

#define TOLERANCE 1e-6

static const struct cdl published = {.slope = {1.35, 1.1, 0.071},
                                     .offset = {0.05, -0.23, 0.11},
                                     .power = {0.93, 0.81, 1.27},
                                     .saturation = 1.23,
                                     .clamp = CDL_CLAMP_ASC};

static const struct {
    enum cdl_clamp clamp;
    double in[3], out[3];
} vectors[] = {
    {CDL_CLAMP_ASC, {0.3278, 0.01, 1.0}, {0.609399, 0, 0.113130}},
    {CDL_CLAMP_ASC, {0.25, 0.5, 0.75}, {0.422056, 0.401466, 0.035820}},
    {CDL_CLAMP_ASC, {1.25, 1.5, 1.75}, {1, 1, 0}},
    {CDL_CLAMP_ASC, {-0.2, 0.5, 1.4}, {0, 0.421096, 0.101225}},
    {CDL_CLAMP_ASC, {0, 0.8, 0.99}, {0, 0.746748, 0.018691}},
    {CDL_CLAMP_NONE, {1.25, 1.5, 1.75}, {1.753162, 1.331130, -0.108181}},
};

static void assert_near(const double got[3], const double wanted[3])
{
    for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon(got[c], wanted[c], TOLERANCE);
}

static void exact_form_gives_the_published_numbers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
        struct cdl cdl = published;
        cdl.clamp = vectors[i].clamp;
        double rgb[3] = {vectors[i].in[0], vectors[i].in[1], vectors[i].in[2]};
        cdl_apply_exact(&cdl, rgb);
        assert_near(rgb, vectors[i].out);
    }
}

static struct grade *graded(const struct cdl *cdl)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look, cdl);
    struct grade *grade = grade_create();
    grade_add(grade, look);
    return grade;
}

static void grade_gives_the_published_numbers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
        struct cdl cdl = published;
        cdl.clamp = vectors[i].clamp;
        g_auto(grade_ptr) grade = graded(&cdl);
        float rgb[3];
        for (int c = 0; c < 3; c++)
            rgb[c] = (float)vectors[i].in[c];
        grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
        assert_near((const double[3]){rgb[0], rgb[1], rgb[2]}, vectors[i].out);
    }
}

static void without_clamp_negatives_pass_the_power_unchanged(void)
{
    struct cdl cdl = cdl_neutral();
    cdl.power[0] = cdl.power[1] = cdl.power[2] = 2;
    cdl.clamp = CDL_CLAMP_NONE;
    double rgb[3] = {-0.5, 0, 3};
    cdl_apply_exact(&cdl, rgb);
    assert_near(rgb, (const double[3]){-0.5, 0, 9});

    g_auto(grade_ptr) grade = graded(&cdl);
    float fast[3] = {-0.5f, 0, 3};
    grade_apply(grade, &fast[0], &fast[1], &fast[2], 1);
    g_assert_cmpfloat(fast[0], ==, -0.5f);
    g_assert_cmpfloat(fast[1], ==, 0);
    g_assert_cmpfloat_with_epsilon(fast[2], 9, 9e-6);
}

static void nan_counts_as_black(void)
{
    for (int clamp = CDL_CLAMP_ASC; clamp <= CDL_CLAMP_NONE; clamp++) {
        struct cdl cdl = published;
        cdl.clamp = (enum cdl_clamp)clamp;
        double exact[3] = {NAN, NAN, NAN};
        cdl_apply_exact(&cdl, exact);
        assert_near(exact, (const double[3]){0, 0, 0});
        g_auto(grade_ptr) grade = graded(&cdl);
        float fast[3] = {NAN, NAN, NAN};
        grade_apply(grade, &fast[0], &fast[1], &fast[2], 1);
        assert_near((const double[3]){fast[0], fast[1], fast[2]}, (const double[3]){0, 0, 0});
    }
}

static void impossible_numbers_are_reported_each(void)
{
    struct cdl cdl = cdl_neutral();
    cdl.slope[1] = -0.1;
    cdl.offset[0] = NAN;
    cdl.power[2] = 0;
    cdl.saturation = INFINITY;
    g_auto(diag_ptr) diag = diag_create();
    const struct mark at = {g_intern_static_string("shot.cdl"), 3, 1, 2};
    g_assert_false(cdl_check(&cdl, at, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 4);

    g_auto(diag_ptr) quiet = diag_create();
    g_assert_true(cdl_check(&published, at, quiet));
    g_assert_cmpuint(diag_errors(quiet), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/cdl/published", exact_form_gives_the_published_numbers);
    g_test_add_func("/color/cdl/grade_published", grade_gives_the_published_numbers);
    g_test_add_func("/color/cdl/negatives", without_clamp_negatives_pass_the_power_unchanged);
    g_test_add_func("/color/cdl/nan", nan_counts_as_black);
    g_test_add_func("/color/cdl/check", impossible_numbers_are_reported_each);
    return g_test_run();
}
