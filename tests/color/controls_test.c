/* SPDX-License-Identifier: GPL-3.0-or-later
 * Controls against numbers worked out by hand, or published. */
#include "color/controls.h"
#include "color/grade.h"
#include "color/white.h"

#include <math.h>

static struct controls neutral(void)
{
    return (struct controls){.light_gamma = CONTROLS_GAMMA_VIDEO,
                             .temperature_k = WHITE_NEUTRAL_K,
                             .contrast = 1,
                             .pivot = NAN,
                             .gamma = {1, 1, 1},
                             .gain = {1, 1, 1}};
}

static struct look *look_of(const struct controls *controls)
{
    struct look *look = controls_look(controls);
    g_assert_nonnull(look);
    return look;
}

/* `rgb` in place. */
static void graded(const struct controls *controls, float rgb[3])
{
    g_auto(look_ptr) look = look_of(controls);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
}

static void assert_graded(const struct controls *controls, const float in[3], const float out[3])
{
    float rgb[3] = {in[0], in[1], in[2]};
    graded(controls, rgb);
    for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon(rgb[c], out[c], 2e-6);
}

static struct monotone through(int count, const double points[][2])
{
    struct monotone curve = {.count = count};
    for (int i = 0; i < count; i++) {
        curve.x[i] = points[i][0];
        curve.y[i] = points[i][1];
    }
    monotone_fit(&curve);
    return curve;
}

static void neutral_controls_are_nothing(void)
{
    struct controls controls = neutral();
    g_assert_null(controls_look(&controls));
    controls.curves[CURVE_GREEN] = through(2, (const double[][2]){{0, 0}, {1, 1}});
    controls.curves[CURVE_MASTER] = through(3, (const double[][2]){{0, 0}, {0.5, 0.5}, {1, 1}});
    controls.pivot = 0.2;
    g_assert_null(controls_look(&controls));
    controls.light_gamma = 1;
    g_assert_null(controls_look(&controls));
}

/* A stop is twice the light: BT.1886's 2.4 makes 2^(1/2.4) = 1.3348399 of it. */
static void a_stop_doubles_the_light(void)
{
    struct controls controls = neutral();
    controls.exposure_stops = 1;
    assert_graded(&controls, (const float[]){0.5f, -0.1f, 1},
                  (const float[]){0.6674199f, -0.13348399f, 1.3348399f});
    controls.light_gamma = 1;
    assert_graded(&controls, (const float[]){0.18f, 0, 4}, (const float[]){0.36f, 0, 8});
}

static void contrast_leaves_its_pivot(void)
{
    struct controls controls = neutral();
    controls.contrast = 1.5;
    controls.pivot = 0.4;
    assert_graded(&controls, (const float[]){0.4f, 0.6f, 0.2f}, (const float[]){0.4f, 0.7f, 0.1f});
    controls.light_gamma = 1;
    controls.contrast = 2;
    controls.pivot = 0.25; /* .25 (v / .25)^2 = 4 v^2, and -4 v^2 below 0 */
    assert_graded(&controls, (const float[]){0.25f, 0.5f, -0.1f},
                  (const float[]){0.25f, 1, -0.04f});
    controls.contrast = 0.5; /* (.25 v)^.5 */
    assert_graded(&controls, (const float[]){0.01f, 0, -0.04f}, (const float[]){0.05f, 0, -0.1f});
}

/* BT.709: 1.099 0.18^0.45 - 0.099 = 0.40901 */
static void contrast_turns_around_grey(void)
{
    struct controls controls = neutral();
    controls.contrast = 2;
    const float grey = (float)(1.099 * pow(0.18, 0.45) - 0.099);
    float rgb[3] = {grey, grey, grey};
    graded(&controls, rgb);
    g_assert_cmpfloat_with_epsilon(rgb[0], grey, 2e-5);
    controls.light_gamma = 1;
    assert_graded(&controls, (const float[]){0.18f, 0.18f, 0.18f},
                  (const float[]){0.18f, 0.18f, 0.18f});
}

static void lift_keeps_white_and_gain_keeps_black(void)
{
    struct controls controls = neutral();
    controls.lift[0] = 0.25; /* (0 + .25) / 1.25 = .2 */
    controls.gain[1] = 1.25; /* .8 becomes 1 */
    controls.gamma[2] = 2;   /* the root */
    assert_graded(&controls, (const float[]){0, 0, 0}, (const float[]){0.2f, 0, 0});
    assert_graded(&controls, (const float[]){1, 0.8f, 1}, (const float[]){1, 1, 1});
    assert_graded(&controls, (const float[]){0.5f, 0.4f, 0.25f}, (const float[]){0.6f, 0.5f, 0.5f});
    assert_graded(&controls, (const float[]){-0.5f, -0.4f, -0.25f},
                  (const float[]){-0.2f, -0.5f, -0.25f});
}

/* The first pixel of OpenColorIO's test of GradingPrimary's video style (TS3 of
 * GradingPrimaryOpCPU_tests.cpp). Its offset stands before its lift: (v + offset + lift) /
 * (1 / gain + lift) is a lift of offset + lift, and 1 / gain less by the offset. */
static void wheels_are_open_color_io_s(void)
{
    const double lift[] = {0.05, -0.04, 0.02}, gamma[] = {0.9, 1.4, 0.7}, gain[] = {1.2, 1.1, 1.25},
                 offset[] = {-0.03, 0.02, 0.1};
    const double all_lift = 0.05, all_gamma = 0.75, all_gain = 0.8, all_offset = -0.1;
    struct controls controls = neutral();
    for (int c = 0; c < 3; c++) {
        controls.lift[c] = lift[c] + all_lift + offset[c] + all_offset;
        controls.gamma[c] = gamma[c] * all_gamma;
        controls.gain[c] = 1 / (1 / (gain[c] * all_gain) - offset[c] - all_offset);
    }
    float rgb[3] = {0.1f, 0.9f, 1.2f};
    graded(&controls, rgb);
    struct cdl cdl = cdl_neutral();
    cdl.clamp = CDL_CLAMP_NONE;
    cdl.saturation = 1.2;
    double out[3] = {rgb[0], rgb[1], rgb[2]};
    cdl_apply_exact(&cdl, out);
    g_assert_cmpfloat_with_epsilon(out[0], -0.10667760, 4e-6);
    g_assert_cmpfloat_with_epsilon(out[1], 0.75643484, 4e-6);
    g_assert_cmpfloat_with_epsilon(out[2], 1.53729499, 4e-6);
}

/* Of points 0.5 apart with secants 1.2 and 0.8: slopes 1.4, 0.96, 0.6 by the formulas of
 * color/monotone.h, and in the middle of a piece the mean plus h / 8 of the difference. */
static void curves_are_the_published_cubic(void)
{
    const struct monotone curve = through(3, (const double[][2]){{0, 0}, {0.5, 0.6}, {1, 1}});
    const double expected[][2] = {{0, 0}, {0.25, 0.3275}, {0.5, 0.6}, {0.75, 0.8225},
                                  {1, 1}, {-0.1, -0.14},  {1.1, 1.06}};
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpfloat_with_epsilon(monotone_at(&curve, expected[i][0]), expected[i][1], 1e-12);
    struct controls controls = neutral();
    controls.curves[CURVE_RED] = curve;
    assert_graded(&controls, (const float[]){0.25f, 0.25f, -0.1f},
                  (const float[]){0.3275f, 0.25f, -0.1f});
    controls.curves[CURVE_MASTER] = through(2, (const double[][2]){{0, 0}, {1, 0.5}});
    assert_graded(&controls, (const float[]){0.25f, 0.25f, 1.5f},
                  (const float[]){0.16375f, 0.125f, 0.75f});
}

/* A slope of 2 from white on, in red; the others stay. */
static void curves_go_straight_on_beyond_their_ends(void)
{
    struct controls controls = neutral();
    controls.curves[CURVE_RED] = through(2, (const double[][2]){{0, 0}, {1, 2}});
    float rgb[3] = {8, 8, -6};
    graded(&controls, rgb);
    g_assert_cmpfloat_with_epsilon(rgb[0], 16, 1e-4);
    g_assert_cmpfloat_with_epsilon(rgb[1], 8, 1e-4);
    g_assert_cmpfloat_with_epsilon(rgb[2], -6, 1e-4);
}

static void curves_never_overshoot(void)
{
    const double steep[][2] = {{0, 0}, {0.1, 0}, {0.11, 0.9}, {0.5, 0.9}, {0.7, 0.2}, {1, 1}};
    const struct monotone curve = through(G_N_ELEMENTS(steep), steep);
    for (int i = 0; i < 5; i++) {
        const double from = steep[i][1], to = steep[i + 1][1];
        double before = from;
        for (int k = 1; k <= 1000; k++) {
            const double y =
                monotone_at(&curve, steep[i][0] + (steep[i + 1][0] - steep[i][0]) * k / 1000.0);
            g_assert_true((y - before) * (to - from) >= -1e-12);
            before = y;
        }
        g_assert_cmpfloat_with_epsilon(before, to, 1e-12);
    }
}

/* CIE 15: illuminant A is a Planckian radiator of 2856 K at x 0.44757, y 0.40745. What it lights
 * in BT.709 becomes what 6500 K (x 0.3135, y 0.3237) lights, at the same luminance. The formula's
 * 9e-5 is 0.7 % of the little blue that is in A. */
static void tungsten_becomes_white(void)
{
    const double m[3][3] = {{3.2404542, -1.5371385, -0.4985314},
                            {-0.9692660, 1.8760108, 0.0415560},
                            {0.0556434, -0.2040259, 1.0572252}};
    const double from[3] = {0.44757 / 0.40745, 1, 0.14498 / 0.40745},
                 to[3] = {0.3135 / 0.3237, 1, 0.3628 / 0.3237};
    double gains[3];
    white_gains(2856, 0, gains);
    for (int c = 0; c < 3; c++) {
        const double lit = m[c][0] * from[0] + m[c][1] * from[1] + m[c][2] * from[2],
                     white = m[c][0] * to[0] + m[c][1] * to[1] + m[c][2] * to[2];
        g_assert_cmpfloat_with_epsilon(lit * gains[c], white, 0.008);
    }
}

static void tint_takes_green_out(void)
{
    double gains[3];
    white_gains(WHITE_NEUTRAL_K, 0, gains);
    g_assert_true(gains[0] == 1 && gains[1] == 1 && gains[2] == 1);
    white_gains(WHITE_NEUTRAL_K, 30, gains);
    g_assert_cmpfloat(gains[1], <, 1);
    g_assert_cmpfloat(gains[0], >, 1);
    g_assert_cmpfloat(gains[2], >, 1);
    white_gains(8000, 0, gains);
    g_assert_true(gains[0] > 1 && gains[2] < 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/controls/neutral", neutral_controls_are_nothing);
    g_test_add_func("/color/controls/exposure", a_stop_doubles_the_light);
    g_test_add_func("/color/controls/contrast", contrast_leaves_its_pivot);
    g_test_add_func("/color/controls/grey", contrast_turns_around_grey);
    g_test_add_func("/color/controls/wheels", lift_keeps_white_and_gain_keeps_black);
    g_test_add_func("/color/controls/ocio", wheels_are_open_color_io_s);
    g_test_add_func("/color/controls/curves", curves_are_the_published_cubic);
    g_test_add_func("/color/controls/beyond", curves_go_straight_on_beyond_their_ends);
    g_test_add_func("/color/controls/overshoot", curves_never_overshoot);
    g_test_add_func("/color/controls/tungsten", tungsten_becomes_white);
    g_test_add_func("/color/controls/tint", tint_takes_green_out);
    return g_test_run();
}
