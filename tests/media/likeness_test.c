/* SPDX-License-Identifier: GPL-3.0-or-later
 * How alike two planes are. The vectors are the papers' formulae written out in Python, in double,
 * edges repeated. */
#include "../../src/media/likeness.h"

#include <math.h>

enum { WIDTH = 192, HEIGHT = 176 };

static float one[WIDTH * HEIGHT], other[WIDTH * HEIGHT];

static void paint_waves(void)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const double wave = 128 + 60 * sin(x / 9.0) * cos(y / 7.0);
            one[y * WIDTH + x] = (float)wave;
            other[y * WIDTH + x] = (float)(wave * 0.9 + 8 + x * y % 31 - 15);
        }
}

static void paint_flat(float a, float b)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        one[i] = a;
        other[i] = b;
    }
}

static struct likeness_planes planes(int width, int height)
{
    return (struct likeness_planes){one, other, width, height, 255};
}

static void test_what_is_the_same_is_1(void)
{
    double ssim;
    paint_waves();
    struct likeness_planes same = {one, one, WIDTH, HEIGHT, 255};
    g_assert_cmpfloat_with_epsilon(likeness_ms_ssim(&same, NULL, &ssim), 1, 1e-9);
    g_assert_cmpfloat_with_epsilon(ssim, 1, 1e-9);
}

static void test_ms_ssim_is_that_of_its_authors(void)
{
    double ssim;
    paint_waves();
    const struct likeness_planes both = planes(WIDTH, HEIGHT);
    g_assert_cmpfloat_with_epsilon(likeness_ms_ssim(&both, NULL, &ssim), 0.959587446, 1e-4);
    g_assert_cmpfloat_with_epsilon(ssim, 0.661743780, 1e-4);
}

/* Wang 2003, (7): of flat fields only the last scale's luminance is left. */
static void test_of_flat_fields_light_is_left(void)
{
    const double c1 = 2.55 * 2.55, light = (2 * 100 * 120 + c1) / (100 * 100 + 120 * 120 + c1);
    double ssim;
    paint_flat(100, 120);
    const struct likeness_planes both = planes(WIDTH, HEIGHT);
    g_assert_cmpfloat_with_epsilon(likeness_ms_ssim(&both, NULL, &ssim), pow(light, 0.1333), 1e-4);
}

static void test_a_small_picture_has_ssim_alone(void)
{
    double ssim = 0;
    paint_waves();
    const struct likeness_planes small = planes(WIDTH, 175);
    g_assert_true(isnan(likeness_ms_ssim(&small, NULL, &ssim)));
    g_assert_cmpfloat(ssim, >, 0.1);
}

static void test_threads_change_nothing(void)
{
    g_auto(slices_ptr) slices = slices_create(2);
    paint_waves();
    const struct likeness_planes both = planes(WIDTH, HEIGHT);
    g_assert_cmpfloat(likeness_ssim(&both, slices), ==, likeness_ssim(&both, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/likeness/what-is-the-same-is-1", test_what_is_the_same_is_1);
    g_test_add_func("/likeness/ms-ssim-is-that-of-its-authors",
                    test_ms_ssim_is_that_of_its_authors);
    g_test_add_func("/likeness/of-flat-fields-light-is-left", test_of_flat_fields_light_is_left);
    g_test_add_func("/likeness/a-small-picture-has-ssim-alone",
                    test_a_small_picture_has_ssim_alone);
    g_test_add_func("/likeness/threads-change-nothing", test_threads_change_nothing);
    return g_test_run();
}
