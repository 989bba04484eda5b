/* SPDX-License-Identifier: GPL-3.0-or-later
 * How alike two planes are. The vectors are the papers' formulae written out in Python, in double,
 * edges repeated; those of colour are table 1 of Sharma, Wu and Dalal 2005. */
#include "../../src/media/still/delta_e.h"
#include "../../src/media/still/likeness.h"
#include "../../src/media/still/private.h"

#include "media/fingerprint.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

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

/* L*, a*, b* of the one and the other, and their CIEDE2000. */
static const float sharma[][7] = {
    {50, 2.6772F, -79.7751F, 50, 0, -82.7485F, 2.0425F},
    {50, 3.1571F, -77.2803F, 50, 0, -82.7485F, 2.8615F},
    {50, 2.8361F, -74.0200F, 50, 0, -82.7485F, 3.4412F},
    {50, -1.3802F, -84.2814F, 50, 0, -82.7485F, 1.0000F},
    {50, -1.1848F, -84.8006F, 50, 0, -82.7485F, 1.0000F},
    {50, -0.9009F, -85.5211F, 50, 0, -82.7485F, 1.0000F},
    {50, 0, 0, 50, -1, 2, 2.3669F},
    {50, -1, 2, 50, 0, 0, 2.3669F},
    {50, 2.4900F, -0.0010F, 50, -2.4900F, 0.0009F, 7.1792F},
    {50, 2.4900F, -0.0010F, 50, -2.4900F, 0.0010F, 7.1792F},
    {50, 2.4900F, -0.0010F, 50, -2.4900F, 0.0011F, 7.2195F},
    {50, 2.4900F, -0.0010F, 50, -2.4900F, 0.0012F, 7.2195F},
    {50, -0.0010F, 2.4900F, 50, 0.0009F, -2.4900F, 4.8045F},
    {50, -0.0010F, 2.4900F, 50, 0.0010F, -2.4900F, 4.8045F},
    {50, -0.0010F, 2.4900F, 50, 0.0011F, -2.4900F, 4.7461F},
    {50, 2.5F, 0, 50, 0, -2.5F, 4.3065F},
    {50, 2.5F, 0, 73, 25, -18, 27.1492F},
    {50, 2.5F, 0, 61, -5, 29, 22.8977F},
    {50, 2.5F, 0, 56, -27, -3, 31.9030F},
    {50, 2.5F, 0, 58, 24, 15, 19.4535F},
    {50, 2.5F, 0, 50, 3.1736F, 0.5854F, 1.0000F},
    {50, 2.5F, 0, 50, 3.2972F, 0, 1.0000F},
    {50, 2.5F, 0, 50, 1.8634F, 0.5757F, 1.0000F},
    {50, 2.5F, 0, 50, 3.2592F, 0.3350F, 1.0000F},
    {60.2574F, -34.0099F, 36.2677F, 60.4626F, -34.1751F, 39.4387F, 1.2644F},
    {63.0109F, -31.0961F, -5.8663F, 62.8187F, -29.7946F, -4.0864F, 1.2630F},
    {61.2901F, 3.7196F, -5.3901F, 61.4292F, 2.2480F, -4.9620F, 1.8731F},
    {35.0831F, -44.1164F, 3.7933F, 35.0232F, -40.0716F, 1.5901F, 1.8645F},
    {22.7233F, 20.0904F, -46.6940F, 23.0331F, 14.9730F, -42.5619F, 2.0373F},
    {36.4612F, 47.8580F, 18.3852F, 36.2715F, 50.5065F, 21.2231F, 1.4146F},
    {90.8027F, -2.0831F, 1.4410F, 91.1528F, -1.6435F, 0.0447F, 1.4441F},
    {90.9257F, -0.5406F, -0.9208F, 88.6381F, -0.8985F, -0.7239F, 1.5381F},
    {6.7747F, -0.2908F, -2.4247F, 5.8714F, -0.0985F, -2.2286F, 0.6377F},
    {2.0776F, 0.0795F, -1.1350F, 0.9033F, -0.0636F, -0.5514F, 0.9082F},
};

static void test_ciede2000_is_that_of_the_published_colours(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sharma); i++) {
        g_assert_cmpfloat_with_epsilon(delta_e_of(sharma[i], sharma[i] + 3), sharma[i][6], 0.00006);
        g_assert_cmpfloat_with_epsilon(delta_e_of(sharma[i] + 3, sharma[i]), sharma[i][6], 0.00006);
    }
}

static void ignore(void *data, double fraction, int64_t pictures)
{
}

/* Of a float TIFF of one value. */
static void hash_of_grey(double value, char hash[HASH_TEXT_SIZE])
{
    g_autofree char *path = NULL;
    g_autoptr(VipsImage) black = NULL;
    g_autoptr(VipsImage) grey = NULL;
    g_auto(golden_ptr) golden = golden_create();
    struct failure failure = {FAIL_NONE, NULL};
    const int fd = g_file_open_tmp("rushes-float-XXXXXX.tif", &path, NULL);
    g_assert_cmpint(vips_black(&black, 8, 8, NULL), ==, 0);
    g_assert_cmpint(vips_linear1(black, &grey, 1, value, NULL), ==, 0);
    g_assert_cmpint(vips_tiffsave(grey, path, NULL), ==, 0);
    const struct fingerprint how = {.fd = open(path, O_RDONLY),
                                    .threads = 1,
                                    .strip_fd = -1,
                                    .old_strip_fd = -1,
                                    .drift_fd = -1,
                                    .progress = ignore};
    g_assert_true(fingerprint_take(&how, golden, &failure));
    g_strlcpy(hash, g_array_index(golden->frames, struct golden_frame, 0).hash, HASH_TEXT_SIZE);
    close(how.fd);
    close(fd);
    unlink(path);
}

static void test_floats_beyond_white_have_fingerprints_of_their_own(void)
{
    char white[HASH_TEXT_SIZE], again[HASH_TEXT_SIZE], brighter[HASH_TEXT_SIZE];
    hash_of_grey(400, white);
    hash_of_grey(400, again);
    hash_of_grey(401, brighter);
    g_assert_cmpstr(white, ==, again);
    g_assert_cmpstr(white, !=, brighter);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(VIPS_INIT(argv[0]), ==, 0);
    g_test_add_func("/likeness/what-is-the-same-is-1", test_what_is_the_same_is_1);
    g_test_add_func("/likeness/ms-ssim-is-that-of-its-authors",
                    test_ms_ssim_is_that_of_its_authors);
    g_test_add_func("/likeness/of-flat-fields-light-is-left", test_of_flat_fields_light_is_left);
    g_test_add_func("/likeness/a-small-picture-has-ssim-alone",
                    test_a_small_picture_has_ssim_alone);
    g_test_add_func("/likeness/threads-change-nothing", test_threads_change_nothing);
    g_test_add_func("/likeness/ciede2000-is-that-of-the-published-colours",
                    test_ciede2000_is_that_of_the_published_colours);
    g_test_add_func("/likeness/floats-beyond-white-have-fingerprints-of-their-own",
                    test_floats_beyond_white_have_fingerprints_of_their_own);
    return g_test_run();
}
