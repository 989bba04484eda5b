/* SPDX-License-Identifier: GPL-3.0-or-later
 * The size of stills: light or codes, and pictures that are made smaller from what is there
 * already. */
#include "stills_support.h"

#include <math.h>
#include <unistd.h>

enum { WIDTH = 1600, HEIGHT = 1200 };

static void checker(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = (x + y) % 2 ? 255 : 0;
}

static void deep_checker(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = (x + y) % 2 ? 65535 : 0;
}

/* Waves from coarse to fine, differing by channel: what a photograph has of detail. */
static void waves(int x, int y, double *out)
{
    for (int c = 0; c < 3; c++)
        out[c] = 128 + 40 * sin(x * 0.013 * (c + 1)) + 30 * sin(y * 0.07 + c) +
                 20 * sin((x + 2 * y) * 0.35);
}

static double middle_of(stills_paint *paint, bool deep, bool linear)
{
    struct failure failure = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(256, 256, 3, deep, paint));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_resize(still, &failure, 32, 32, "lanczos", linear));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
    close(fd);
    return stills_value(VIPS_IMAGE(out), 16, 16, 1);
}

/* Half of the light is code 188 of sRGB (IEC 61966-2-1: 0.5 is 0.7354), half of the codes 128. */
static void test_a_checker_is_mixed_as_light_or_as_codes(void)
{
    g_assert_cmpfloat_with_epsilon(middle_of(checker, false, false), 127.5, 1);
    g_assert_cmpfloat_with_epsilon(middle_of(checker, false, true), 187.5, 1);
    g_assert_cmpfloat_with_epsilon(middle_of(deep_checker, true, true), 0.735357 * 65535, 40);
}

static VipsImage *resized(struct still *still, int width, int height)
{
    struct failure failure = {0};
    g_assert_true(still_resize(still, &failure, width, height, "lanczos", false));
    return stills_written(still, "png", NULL);
}

static double mean_difference(VipsImage *a, VipsImage *b)
{
    double mean;
    g_assert_cmpint(a->Xsize, ==, b->Xsize);
    g_assert_cmpint(a->Ysize, ==, b->Ysize);
    VipsImage *difference = NULL, *size = NULL;
    g_assert_cmpint(vips_subtract(a, b, &difference, NULL), ==, 0);
    g_assert_cmpint(vips_abs(difference, &size, NULL), ==, 0);
    g_assert_cmpint(vips_avg(size, &mean, NULL), ==, 0);
    g_object_unref(size);
    g_object_unref(difference);
    return mean;
}

static struct still *open_half(int fd)
{
    struct failure failure = {0};
    struct still *still = still_open(fd, &(struct still_opts){.half = true}, &failure);
    g_assert_nonnull(still);
    return still;
}

static void test_a_jpeg_decoded_at_half_stands_for_the_whole(void)
{
    static const int sizes[][2] = {{700, 524}, {400, 300}, {160, 120}};
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH, HEIGHT, 3, false, waves));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        const int *size = sizes[i];
        g_auto(still_ptr) half = open_half(fd);
        g_auto(still_ptr) whole = stills_open(fd);
        g_assert_cmpint(still_shape(half).width, ==, WIDTH);
        g_assert_cmpint(still_shape(half).height, ==, HEIGHT);
        g_autoptr(GObject) a = G_OBJECT(resized(half, size[0], size[1]));
        g_autoptr(GObject) b = G_OBJECT(resized(whole, size[0], size[1]));
        g_assert_cmpint(still_shape(half).width, ==, size[0]);
        g_assert_cmpfloat(mean_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), >, 0);
        g_assert_cmpfloat(mean_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <, 1);
    }
    close(fd);
}

static void test_a_jpeg_of_odd_size_is_decoded_whole(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH + 3, HEIGHT, 3, false, waves));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_auto(still_ptr) half = open_half(fd);
    g_auto(still_ptr) whole = stills_open(fd);
    g_autoptr(GObject) a = G_OBJECT(resized(half, 160, 120));
    g_autoptr(GObject) b = G_OBJECT(resized(whole, 160, 120));
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), ==, 0);
    close(fd);
}

static void test_what_stands_for_a_turned_picture_is_upright(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH, HEIGHT, 3, false, waves));
    vips_image_set_int(VIPS_IMAGE(image), VIPS_META_ORIENTATION, 6);
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_auto(still_ptr) half = open_half(fd);
    g_auto(still_ptr) whole = stills_open(fd);
    g_assert_cmpint(still_shape(half).width, ==, HEIGHT);
    g_assert_cmpint(still_shape(half).height, ==, WIDTH);
    g_autoptr(GObject) a = G_OBJECT(resized(half, 300, 400));
    g_autoptr(GObject) b = G_OBJECT(resized(whole, 300, 400));
    g_assert_cmpfloat(mean_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <, 1);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stills/checker-is-mixed-as-light-or-as-codes",
                    test_a_checker_is_mixed_as_light_or_as_codes);
    g_test_add_func("/stills/jpeg-decoded-at-half-stands-for-the-whole",
                    test_a_jpeg_decoded_at_half_stands_for_the_whole);
    g_test_add_func("/stills/jpeg-of-odd-size-is-decoded-whole",
                    test_a_jpeg_of_odd_size_is_decoded_whole);
    g_test_add_func("/stills/what-stands-for-a-turned-picture-is-upright",
                    test_what_stands_for_a_turned_picture_is_upright);
    return g_test_run();
}
