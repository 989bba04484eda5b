/* SPDX-License-Identifier: GPL-3.0-or-later
 * A compiled grade against double precision, its seams, and what counts as no grade. */
#include "color/grade.h"

#include "coarse.h"
#include "color/cube.h"

#include <math.h>
#include <string.h>

#define COUNT 20011 /* many blocks and a rest */

static float r[COUNT], g[COUNT], b[COUNT], r2[COUNT], g2[COUNT], b2[COUNT];

static void fill(double low, double high)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261121);
    for (int i = 0; i < COUNT; i++) {
        r[i] = r2[i] = (float)g_rand_double_range(rand, low, high);
        g[i] = g2[i] = (float)g_rand_double_range(rand, low, high);
        b[i] = b2[i] = (float)g_rand_double_range(rand, low, high);
    }
}

static struct look *read_text(const char *text)
{
    g_auto(diag_ptr) diag = diag_create();
    struct look *lut = cube_read(text, strlen(text), "look.cube", diag);
    g_assert_nonnull(lut);
    return lut;
}

/* A cube of `size` with `header`, whose points are the lattice raised to `exponent`, channels
 * turned by one when `turn`. */
static struct look *cube_of(int size, const char *header, double exponent, bool turn)
{
    g_autoptr(GString) text = g_string_new(header);
    g_string_append_printf(text, "LUT_3D_SIZE %d\n", size);
    for (int i = 0; i < size * size * size; i++) {
        const int at[3] = {i % size, i / size % size, i / size / size};
        for (int c = 0; c < 3; c++) {
            const double v = pow((double)at[(c + turn) % 3] / (size - 1), exponent);
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            g_ascii_formatd(number, sizeof number, "%.6f", v);
            g_string_append_printf(text, "%s%c", number, c == 2 ? '\n' : ' ');
        }
    }
    return read_text(text->str);
}

static struct look_table *cube_points(const struct look *lut)
{
    return &g_array_index(lut->stages, struct look_stage, 0).table;
}

/* The CDL, then the LUT; either may be NULL. */
static struct grade *graded(const struct cdl *cdl, const struct look *lut)
{
    struct grade *grade = grade_create();
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    if (cdl) {
        look_add_cdl(look, cdl);
        grade_add(grade, look);
    }
    if (lut)
        grade_add(grade, lut);
    return grade;
}

static void one(const struct grade *grade, float rgb[3])
{
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
}

static void cdl_is_within_a_code_of_double_precision(void)
{
    struct cdl cdl = {{1.12, 0.98, 0.9}, {0.02, -0.015, 0.03}, {0.85, 1.1, 1.31}, 0.87, 0};
    for (int clamp = CDL_CLAMP_ASC; clamp <= CDL_CLAMP_NONE; clamp++) {
        cdl.clamp = (enum cdl_clamp)clamp;
        g_auto(grade_ptr) grade = graded(&cdl, NULL);
        fill(-0.2, 1.6);
        grade_apply(grade, r, g, b, COUNT);
        double worst = 0;
        for (int i = 0; i < COUNT; i++) {
            double exact[3] = {r2[i], g2[i], b2[i]};
            cdl_apply_exact(&cdl, exact);
            worst = MAX(worst, fabs(r[i] - exact[0]));
            worst = MAX(worst, fabs(g[i] - exact[1]));
            worst = MAX(worst, fabs(b[i] - exact[2]));
        }
        g_test_message("largest error: %g", worst);
        g_assert_cmpfloat(worst, <, 2e-6); /* a 10-bit code is 9.8e-4 */
    }
}

static void split_into_rows_changes_nothing(void)
{
    const struct cdl cdl = {{1.1, 1, 0.9}, {0.02, 0, 0}, {0.9, 1.1, 1.3}, 1.2, CDL_CLAMP_NONE};
    g_auto(look_ptr) lut = cube_of(5, "", 1.7, true);
    g_auto(grade_ptr) grade = graded(&cdl, lut);
    fill(-0.5, 1.5);
    grade_apply(grade, r, g, b, COUNT);
    for (gsize done = 0, width = 1; done < COUNT; done += width, width = width * 2 + 1)
        grade_apply(grade, r2 + done, g2 + done, b2 + done, MIN(width, COUNT - done));
    g_assert_cmpmem(r, sizeof r, r2, sizeof r2);
    g_assert_cmpmem(g, sizeof g, g2, sizeof g2);
    g_assert_cmpmem(b, sizeof b, b2, sizeof b2);
}

/* The textbook's six cases, in double precision; `lut` covers 0..1. */
static void tetrahedral(const struct look *lut, const double in[3], double out[3])
{
    const int n = (int)cube_points(lut)->size;
    int index[3];
    double f[3];
    for (int c = 0; c < 3; c++) {
        const double at = CLAMP(in[c], 0, 1) * (n - 1);
        index[c] = MIN((int)at, n - 2);
        f[c] = at - index[c];
    }
    const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const int steps[3] = {1, n, n * n};
    const int *o = orders[0];
    for (int i = 0; i < 6; i++)
        if (f[orders[i][0]] >= f[orders[i][1]] && f[orders[i][1]] >= f[orders[i][2]])
            o = orders[i];
    const int low = index[0] + n * index[1] + n * n * index[2];
    for (int c = 0; c < 3; c++) {
        int at = low;
        out[c] = (1 - f[o[0]]) * cube_points(lut)->points[at][c];
        for (int i = 0; i < 3; i++) {
            at += steps[o[i]];
            out[c] += (f[o[i]] - (i < 2 ? f[o[i + 1]] : 0)) * cube_points(lut)->points[at][c];
        }
    }
}

static void cube_is_tetrahedral(void)
{
    g_auto(look_ptr) lut = cube_of(9, "", 2.2, true);
    cube_points(lut)->points[13][0] = 3; /* values may leave 0..1, and neighbours differ */
    cube_points(lut)->points[400][1] = -2;
    g_auto(grade_ptr) grade = graded(NULL, lut);
    fill(-0.1, 1.1);
    grade_apply(grade, r, g, b, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double wanted[3];
        tetrahedral(lut, (const double[3]){r2[i], g2[i], b2[i]}, wanted);
        g_assert_cmpfloat_with_epsilon(r[i], wanted[0], 3e-6);
        g_assert_cmpfloat_with_epsilon(g[i], wanted[1], 3e-6);
        g_assert_cmpfloat_with_epsilon(b[i], wanted[2], 3e-6);
    }
}

/* Points are to 2^-16 of the range, places to 2^-14 of a cell, which rises by all of it. */
static void coarse_cube_is_tetrahedral_to_a_small_part_of_a_code(void)
{
    for (int size = 2; size <= 65; size = size * 2 - 1) {
        g_auto(look_ptr) lut = cube_of(size, "", 1, false);
        for (int i = 0; i < 3 * size * size * size; i++)
            cube_points(lut)->points[i / 3][i % 3] = (float)((guint)i * 7919 % 1000) / 999;
        g_auto(grade_ptr) grade = graded(NULL, lut);
        fill(-0.1, 1.1);
        grade_apply_coarse(grade, r, g, b, COUNT);
        for (int i = 0; i < COUNT; i++) {
            double wanted[3];
            tetrahedral(lut, (const double[3]){r2[i], g2[i], b2[i]}, wanted);
            const double bound = 0x1p-16 + 0x1p-14;
            g_assert_cmpfloat_with_epsilon(r[i], wanted[0], bound);
            g_assert_cmpfloat_with_epsilon(g[i], wanted[1], bound);
            g_assert_cmpfloat_with_epsilon(b[i], wanted[2], bound);
        }
    }
}

/* The same, but for places, which have been rounded twice. */
static void coarse_cube_saturates_before(void)
{
    const struct cdl cdl = {{1, 1, 1}, {0, 0, 0}, {1, 1, 1}, 0.7, CDL_CLAMP_ASC};
    g_auto(look_ptr) lut = cube_of(33, "", 2.2, true);
    g_auto(grade_ptr) grade = graded(&cdl, lut);
    fill(-0.1, 1.1);
    grade_apply(grade, r, g, b, COUNT);
    grade_apply_coarse(grade, r2, g2, b2, COUNT);
    for (int i = 0; i < COUNT; i++) {
        g_assert_cmpfloat_with_epsilon(r2[i], r[i], 2e-5); /* a fiftieth of a code of 10 bits */
        g_assert_cmpfloat_with_epsilon(g2[i], g[i], 2e-5);
        g_assert_cmpfloat_with_epsilon(b2[i], b[i], 2e-5);
    }
}

static void cube_points_are_exact(void)
{
    g_auto(look_ptr) lut = cube_of(33, "", 0.45, true);
    g_auto(grade_ptr) grade = graded(NULL, lut);
    for (int i = 0; i < 33 * 33 * 33; i++) {
        float rgb[3] = {(float)(i % 33) / 32, (float)(i / 33 % 33) / 32, (float)(i / 1089) / 32};
        one(grade, rgb);
        g_assert_cmpmem(rgb, sizeof rgb, cube_points(lut)->points[i], sizeof rgb);
    }
}

static void domain_is_where_the_file_says(void)
{
    g_auto(look_ptr) lut = cube_of(3, "DOMAIN_MIN 0.5 0.5 -1\nDOMAIN_MAX 1 1.5 1\n", 1, false);
    g_auto(grade_ptr) grade = graded(NULL, lut);
    float rgb[3] = {0.7617f, 1, 0};
    one(grade, rgb);
    g_assert_cmpfloat_with_epsilon(rgb[0], 0.5234, 1e-6);
    g_assert_cmpfloat_with_epsilon(rgb[1], 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(rgb[2], 0.5, 1e-6);
    float outside[3] = {0.2f, 7, NAN};
    one(grade, outside);
    g_assert_cmpfloat(outside[0], ==, 0);
    g_assert_cmpfloat(outside[1], ==, 1);
    g_assert_cmpfloat(outside[2], ==, 0);
}

static void shaper_comes_before_the_cube(void)
{
    g_auto(look_ptr) lut = read_text("LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 2\nLUT_3D_SIZE 2\n"
                                     "LUT_3D_INPUT_RANGE 0 4\n0 0 0\n4 2 1\n"
                                     "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n");
    g_auto(grade_ptr) grade = graded(NULL, lut);
    float rgb[3] = {1, 1, 1}; /* half of each curve: 2 1 0.5; of 4: */
    one(grade, rgb);
    g_assert_cmpfloat(rgb[0], ==, 0.5f);
    g_assert_cmpfloat(rgb[1], ==, 0.25f);
    g_assert_cmpfloat(rgb[2], ==, 0.125f);
}

static void cdl_comes_before_the_lut(void)
{
    struct cdl cdl = cdl_neutral();
    cdl.slope[0] = 0.5;
    g_auto(look_ptr) lut = read_text("LUT_1D_SIZE 3\n0 0 0\n0 .5 .5\n1 1 1\n");
    g_auto(grade_ptr) grade = graded(&cdl, lut);
    float rgb[3] = {1, 1, 1};
    one(grade, rgb);
    g_assert_cmpfloat(rgb[0], ==, 0);
    g_assert_cmpfloat(rgb[1], ==, 1);
}

/* Saturation is computed along with a cube of a domain up to 1, and apart from one that goes on. */
static void saturation_is_held_before_a_cube_of_any_domain(void)
{
    static const char *const domains[] = {"", "DOMAIN_MAX 2 2 2\n"};
    const struct cdl cdl = {{1, 1, 1}, {0, 0, 0}, {1, 1, 1}, 2.5, CDL_CLAMP_ASC};
    for (guint n = 0; n < G_N_ELEMENTS(domains); n++) {
        g_auto(look_ptr) lut = cube_of(5, domains[n], 1.5, true);
        g_auto(grade_ptr) both = graded(&cdl, lut);
        g_auto(grade_ptr) first = graded(&cdl, NULL);
        g_auto(grade_ptr) second = graded(NULL, lut);
        fill(-0.2, 1.5);
        grade_apply(both, r, g, b, COUNT);
        grade_apply(first, r2, g2, b2, COUNT);
        grade_apply(second, r2, g2, b2, COUNT);
        for (int i = 0; i < COUNT; i++) {
            g_assert_cmpfloat_with_epsilon(r[i], r2[i], 1e-6);
            g_assert_cmpfloat_with_epsilon(g[i], g2[i], 1e-6);
            g_assert_cmpfloat_with_epsilon(b[i], b2[i], 1e-6);
        }
    }
}

static void nothing_to_do_touches_nothing(void)
{
    const struct cdl neutral = cdl_neutral();
    g_auto(look_ptr) identity = cube_of(64, "", 1, false); /* 1/63 doesn't fit six decimals */
    g_auto(look_ptr) shaped = read_text("LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -1 2\nLUT_3D_SIZE 2\n"
                                        "-1 -1 -1\n2 2 2\n"
                                        "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n");
    const struct {
        const struct cdl *cdl;
        const struct look *lut;
    } nothings[] = {{NULL, NULL}, {&neutral, NULL}, {NULL, identity}, {&neutral, shaped}};
    for (gsize i = 0; i < G_N_ELEMENTS(nothings); i++) {
        g_auto(grade_ptr) grade = graded(nothings[i].cdl, nothings[i].lut);
        g_assert_true(grade_is_identity(grade));
        float rgb[3] = {-0.25f, 0.123456f, 1.75f};
        one(grade, rgb);
        g_assert_cmpfloat(rgb[0], ==, -0.25f);
        g_assert_cmpfloat(rgb[1], ==, 0.123456f);
        g_assert_cmpfloat(rgb[2], ==, 1.75f);
    }
}

static void something_to_do_is_no_identity(void)
{
    struct cdl cdl = cdl_neutral();
    cdl.saturation = 0.999;
    g_auto(look_ptr) bent = cube_of(5, "", 1.0001, false);
    g_auto(look_ptr) turned = cube_of(5, "", 1, true);
    g_auto(look_ptr) narrow = read_text("LUT_1D_SIZE 2\nDOMAIN_MAX .5 .5 .5\n0 0 0\n.5 .5 .5\n");
    const struct {
        const struct cdl *cdl;
        const struct look *lut;
    } somethings[] = {{&cdl, NULL}, {NULL, bent}, {NULL, turned}, {NULL, narrow}};
    for (gsize i = 0; i < G_N_ELEMENTS(somethings); i++) {
        g_auto(grade_ptr) grade = graded(somethings[i].cdl, somethings[i].lut);
        g_assert_false(grade_is_identity(grade));
    }
}

/* Twice, through a table that gives 0 to 1 back, and half: what was above 0.5 is 0.5. */
static void identity_table_within_a_look_holds_to_its_domain(void)
{
    const struct look_matrix twice = {{{2, 0, 0}, {0, 2, 0}, {0, 0, 2}}, {0}},
                             half = {{{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}}, {0}};
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_matrix(look, &twice);
    struct look_table *table = look_add_table(look, LOOK_CURVES, 2);
    for (int c = 0; c < 3; c++) {
        table->points[0][c] = 0;
        table->points[1][c] = 1;
    }
    look_add_matrix(look, &half);
    g_auto(grade_ptr) grade = graded(NULL, look);
    float rgb[3] = {0.8f, 0.25f, 1};
    one(grade, rgb);
    g_assert_cmpfloat(rgb[0], ==, 0.5f);
    g_assert_cmpfloat(rgb[1], ==, 0.25f);
    g_assert_cmpfloat(rgb[2], ==, 0.5f);
}

static void every_float_grades_to_a_finite_one(void)
{
    static const float extremes[] = {NAN, INFINITY, -INFINITY, 0x1.fffffep127f, -0x1.fffffep127f};
    const struct cdl cdl = {{1e6, 1.5, 1}, {1e6, 0, -1e6}, {1000, 1e-9, 3}, 1e6, CDL_CLAMP_NONE};
    g_auto(look_ptr) lut = cube_of(2, "", 1, true);
    for (int with = 1; with < 4; with++) {
        g_auto(grade_ptr) grade = graded(with & 1 ? &cdl : NULL, with & 2 ? lut : NULL);
        for (int i = 0; i < 125; i++) {
            float rgb[3] = {extremes[i % 5], extremes[i / 5 % 5], extremes[i / 25]};
            one(grade, rgb);
            g_assert_true(isfinite(rgb[0]) && isfinite(rgb[1]) && isfinite(rgb[2]));
        }
    }
}

static void description_names_what_was_applied(void)
{
    const struct cdl cdl = {{1.35, 1.1, 0.071}, {0.05, -0.23, 0.11}, {0.93, 0.81, 1.27}, 1.23, 0};
    g_auto(look_ptr) lut = cube_of(2, "TITLE \"Night\"\n", 2, true);
    g_auto(grade_ptr) grade = graded(&cdl, lut);
    g_autofree char *wanted = g_strdup_printf(
        "CDL slope 1.35 1.1 0.071, offset 0.05 -0.23 0.11, power 0.93 0.81 1.27, saturation 1.23 "
        "(ASC clamp), then LUT look.cube \"Night\" (cube of 2x2x2, XXH3 %s)",
        lut->hash);
    g_assert_cmpstr(grade_describe(grade), ==, wanted);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/grade/cdl", cdl_is_within_a_code_of_double_precision);
    g_test_add_func("/color/grade/split", split_into_rows_changes_nothing);
    g_test_add_func("/color/grade/tetrahedral", cube_is_tetrahedral);
    g_test_add_func("/color/grade/coarse", coarse_cube_is_tetrahedral_to_a_small_part_of_a_code);
    g_test_add_func("/color/grade/coarse_saturation", coarse_cube_saturates_before);
    g_test_add_func("/color/grade/points", cube_points_are_exact);
    g_test_add_func("/color/grade/domain", domain_is_where_the_file_says);
    g_test_add_func("/color/grade/shaper", shaper_comes_before_the_cube);
    g_test_add_func("/color/grade/order", cdl_comes_before_the_lut);
    g_test_add_func("/color/grade/saturation", saturation_is_held_before_a_cube_of_any_domain);
    g_test_add_func("/color/grade/identity", nothing_to_do_touches_nothing);
    g_test_add_func("/color/grade/not_identity", something_to_do_is_no_identity);
    g_test_add_func("/color/grade/held", identity_table_within_a_look_holds_to_its_domain);
    g_test_add_func("/color/grade/finite", every_float_grades_to_a_finite_one);
    g_test_add_func("/color/grade/description", description_names_what_was_applied);
    return g_test_run();
}
