/* SPDX-License-Identifier: GPL-3.0-or-later
 * The size of stills: light or codes, and pictures that are made smaller from what is there
 * already. */
#include "stills_support.h"

#include <math.h>
#include <string.h>
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

static VipsImage *resized(struct still *still, const struct still_scaling *to)
{
    struct failure failure = {0};
    g_assert_true(still_resize(still, &failure, to->width, to->height, to->kernel, false));
    return stills_written(still, "png", NULL);
}

static void across(int x, int y, double *out)
{
    out[0] = x * 255 / 5999.0;
    out[1] = y * 255 / 999.0;
    out[2] = 255 - out[0];
}

static void check_places(int from, int to, int rows)
{
    struct failure failure = {0};
    const int height = 2 * rows;
    const double wide = from * 255 / 5999.0 / to, high = height * 255 / 999.0 / rows;
    g_autoptr(GObject) image = G_OBJECT(stills_make(from, height, 3, false, across));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_resize(still, &failure, to, rows, "lanczos", false));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
    for (int x = 2; x < to - 2; x++)
        for (int y = 2; y < rows - 2; y += 7) {
            g_assert_cmpfloat_with_epsilon(stills_value(VIPS_IMAGE(out), x, y, 0), (x + 0.5) * wide,
                                           1.5);
            g_assert_cmpfloat_with_epsilon(stills_value(VIPS_IMAGE(out), x, y, 1), (y + 0.5) * high,
                                           1.5);
        }
    close(fd);
}

/* zimg takes what is as wide in several columns; other widths are those that its widest
 * instructions get wrong (src/media/zimg_cpu.c). */
static void test_every_part_of_a_picture_is_in_its_place(void)
{
    static const int widths[][2] = {{6000, 400},  {5184, 2560}, {3264, 1600},
                                    {2592, 1280}, {2048, 1000}, {346, 170}};
    for (unsigned i = 0; i < G_N_ELEMENTS(widths); i++)
        check_places(widths[i][0], widths[i][1], 16);
}

static GPtrArray *open_sizes(int fd, const struct still_scaling *sizes, unsigned count)
{
    struct failure failure = {0};
    GPtrArray *stills = still_open_sizes(fd, &(struct still_opts){0}, sizes, count, &failure);
    g_assert_nonnull(stills);
    g_assert_cmpuint(stills->len, ==, count);
    return stills;
}

static VipsImage *alone(int fd, const struct still_scaling *to)
{
    g_autoptr(GPtrArray) stills = open_sizes(fd, to, 1);
    return resized(stills->pdata[0], to);
}

static VipsImage *of_the_whole(int fd, const struct still_scaling *to)
{
    g_auto(still_ptr) whole = stills_open(fd);
    return resized(whole, to);
}

static int waves_jpeg(int width, int height, int bands)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(width, height, bands, false, waves));
    return stills_file(VIPS_IMAGE(image), "jpeg");
}

/* Where strips don't come out even, too. */
static const struct still_scaling large[] = {
    {700, 525, "lanczos"}, {401, 301, "lanczos"},   {1600, 601, "spline36"},
    {640, 480, "bicubic"}, {1000, 750, "bilinear"}, {800, 1080, "lanczos"},
};

/* One code: libjpeg rounds red, green and blue before they are scaled. */
static void check_as_of_the_whole(int fd)
{
    g_autoptr(GPtrArray) stills = open_sizes(fd, large, G_N_ELEMENTS(large));
    for (unsigned i = 0; i < G_N_ELEMENTS(large); i++) {
        g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[i], &large[i]));
        g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &large[i]));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 1);
    }
    close(fd);
}

static int whole_chroma(int width, int height)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(width, height, 3, false, waves));
    return stills_file(VIPS_IMAGE(image), "jpeg[subsample_mode=off]");
}

static void test_sizes_above_a_quarter_are_those_of_the_whole_jpeg(void)
{
    check_as_of_the_whole(whole_chroma(WIDTH, HEIGHT));
    check_as_of_the_whole(waves_jpeg(WIDTH, HEIGHT, 1));
}

static double mean_difference(VipsImage *a, VipsImage *b)
{
    g_autoptr(GObject) minus = NULL, size = NULL;
    VipsImage *difference = NULL, *positive = NULL;
    double mean;
    g_assert_cmpint(vips_subtract(a, b, &difference, NULL), ==, 0);
    minus = G_OBJECT(difference);
    g_assert_cmpint(vips_abs(difference, &positive, NULL), ==, 0);
    size = G_OBJECT(positive);
    g_assert_cmpint(vips_avg(positive, &mean, NULL), ==, 0);
    return mean;
}

/* What chroma of half the columns and rows can just hold. */
static void coloured_waves(int x, int y, double *out)
{
    const double wave = 60 * sin(x * 0.7 + y * 0.3);
    out[0] = 128 + wave;
    out[1] = 128;
    out[2] = 128 - wave;
}

/* A picture that is made of chroma as it is coded is nearer to what was painted than one of chroma
 * made larger first. */
static void test_chroma_of_half_the_size_is_scaled_from_there(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH, HEIGHT, 3, false, coloured_waves));
    int painted = stills_file(VIPS_IMAGE(image), "png");
    int fd = stills_file(VIPS_IMAGE(image), "jpeg[Q=98,subsample_mode=on]");
    for (unsigned i = 0; i < G_N_ELEMENTS(large); i++) {
        g_autoptr(GObject) truth = G_OBJECT(of_the_whole(painted, &large[i]));
        g_autoptr(GObject) a = G_OBJECT(alone(fd, &large[i]));
        g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &large[i]));
        g_assert_cmpfloat(mean_difference(VIPS_IMAGE(a), VIPS_IMAGE(truth)), <,
                          mean_difference(VIPS_IMAGE(b), VIPS_IMAGE(truth)));
    }
    close(painted);
    close(fd);
}

/* Three codes: see media/still_sizes.h. */
static void test_smaller_ones_of_a_jpeg_are_near_those_of_the_whole(void)
{
    static const struct still_scaling small[] = {{400, 300, "lanczos"}, {160, 120, "spline36"}};
    int fd = whole_chroma(WIDTH, HEIGHT);
    for (unsigned i = 0; i < G_N_ELEMENTS(small); i++) {
        g_autoptr(GObject) a = G_OBJECT(alone(fd, &small[i]));
        g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &small[i]));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), >, 0);
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 3);
    }
    close(fd);
}

static void test_a_size_is_the_same_with_others_and_alone(void)
{
    static const struct still_scaling sizes[] = {
        {160, 120, "lanczos"}, {700, 525, "lanczos"}, {320, 240, "lanczos"}};
    int fd = waves_jpeg(WIDTH, HEIGHT, 3);
    g_autoptr(GPtrArray) stills = open_sizes(fd, sizes, G_N_ELEMENTS(sizes));
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[i], &sizes[i]));
        g_autoptr(GObject) b = G_OBJECT(alone(fd, &sizes[i]));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), ==, 0);
    }
    close(fd);
}

static void test_until_it_is_resized_a_size_stands_for_the_whole(void)
{
    int fd = waves_jpeg(WIDTH, HEIGHT, 3);
    g_autoptr(GPtrArray) stills = open_sizes(fd, large, 1);
    struct still *still = stills->pdata[0];
    g_assert_cmpint(still_shape(still).width, ==, WIDTH);
    g_assert_cmpint(still_shape(still).height, ==, HEIGHT);
    g_object_unref(resized(still, large));
    g_assert_cmpint(still_shape(still).width, ==, large->width);
    close(fd);
}

static void test_a_jpeg_of_odd_size_is_never_halved(void)
{
    static const struct still_scaling to = {160, 120, "lanczos"};
    int fd = whole_chroma(WIDTH + 3, HEIGHT);
    g_autoptr(GObject) a = G_OBJECT(alone(fd, &to));
    g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &to));
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 1);
    close(fd);
}

static void test_sizes_of_a_turned_picture_are_upright(void)
{
    static const struct still_scaling to = {600, 800, "lanczos"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH, HEIGHT, 3, false, waves));
    vips_image_set_int(VIPS_IMAGE(image), VIPS_META_ORIENTATION, 6);
    int fd = stills_file(VIPS_IMAGE(image), "jpeg[subsample_mode=off]");
    g_autoptr(GPtrArray) stills = open_sizes(fd, &to, 1);
    g_assert_cmpint(still_shape(stills->pdata[0]).width, ==, HEIGHT);
    g_assert_cmpint(still_shape(stills->pdata[0]).height, ==, WIDTH);
    g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[0], &to));
    g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &to));
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 1);
    close(fd);
}

static void test_a_jpeg_cut_off_has_sizes_where_damage_is_allowed(void)
{
    struct failure failure = {0};
    int fd = waves_jpeg(WIDTH, HEIGHT, 3);
    g_assert_cmpint(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2), ==, 0);
    g_assert_null(still_open_sizes(fd, &(struct still_opts){0}, large, 2, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_INPUT_DAMAGED);
    failure_clear(&failure);
    g_autoptr(GPtrArray) stills =
        still_open_sizes(fd, &(struct still_opts){.damaged_allow = true}, large, 2, &failure);
    g_assert_nonnull(stills);
    for (guint i = 0; i < stills->len; i++) {
        const GPtrArray *notes = still_notes(stills->pdata[i]);
        g_assert_true(g_str_has_prefix(notes->pdata[0], "damaged source, read as far as it goes"));
    }
    close(fd);
}

/* In a process of its own, since the most that libvips had is never forgotten. */
static void test_of_the_rows_of_a_jpeg_few_are_kept(void)
{
    enum { WIDE = 4000, HIGH = 2000, ROWS = 400 };
    const struct still_scaling to = {40, 20, "lanczos"};
    VipsImage *black = NULL;
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_passed();
        return;
    }
    g_assert_cmpint(vips_black(&black, WIDE, HIGH, "bands", 3, NULL), ==, 0);
    int fd = stills_file(black, "jpeg");
    g_ptr_array_unref(open_sizes(fd, &to, 1));
    g_assert_cmpuint(vips_tracked_get_mem_highwater(), <, ROWS * WIDE * 3);
    g_object_unref(black);
    close(fd);
}

/* What isn't a JPEG comes whole for each, and is resized by the step. */
static void test_a_png_has_sizes_too(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(WIDTH, HEIGHT, 4, false, across));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_autoptr(GPtrArray) stills = open_sizes(fd, large, 2);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[i], &large[i]));
        g_autoptr(GObject) b = G_OBJECT(of_the_whole(fd, &large[i]));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), ==, 0);
    }
    close(fd);
}

/* 40 x 8 made 30 times as large would be 1200 x 240. */
static void test_a_box_of_what_is_larger_is_that_of_the_whole(void)
{
    static const struct still_part parts[] = {{1200, 240, 433, 17, 192, 210},
                                              {1200, 240, 0, 0, 192, 240},
                                              {1200, 240, 1008, 0, 192, 240},
                                              {57, 11, 20, 3, 9, 8}};
    struct failure failure = {0};
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(parts); i++) {
        const struct still_part *part = &parts[i / 2];
        g_autoptr(GObject) image = G_OBJECT(stills_make(40, 8, 3 + i % 2, false, waves));
        int fd = stills_file(VIPS_IMAGE(image), "png");
        g_auto(still_ptr) whole = stills_open(fd);
        g_auto(still_ptr) box = stills_open(fd);
        g_assert_true(still_resize(whole, &failure, part->width, part->height, "lanczos", false));
        g_assert_true(
            still_crop(whole, &failure, part->x, part->y, part->keep_width, part->keep_height));
        g_assert_true(still_resize_part(box, &failure, part, "lanczos", false));
        g_autoptr(GObject) a = G_OBJECT(stills_written(whole, "png", NULL));
        g_autoptr(GObject) b = G_OBJECT(stills_written(box, "png", NULL));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 1);
        close(fd);
    }
}

static void test_a_larger_picture_is_held_to_the_limit_of_sources(void)
{
    struct failure failure = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(2000, 2, 3, false, waves));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_false(still_resize(still, &failure, 1000000, 1000, "lanczos", false));
    g_assert_cmpint(failure.class, ==, FAIL_UNSUPPORTED);
    g_assert_nonnull(strstr(failure.message, "a picture so large isn't made: 1000000 x 1000 pixels "
                                             "are 1000 million; the limit is 268 million"));
    failure_clear(&failure);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR); /* libvips warns of damage, and shall */
    g_test_add_func("/stills/checker-is-mixed-as-light-or-as-codes",
                    test_a_checker_is_mixed_as_light_or_as_codes);
    g_test_add_func("/stills/every-part-of-a-picture-is-in-its-place",
                    test_every_part_of_a_picture_is_in_its_place);
    g_test_add_func("/stills/sizes-above-a-quarter-are-those-of-the-whole-jpeg",
                    test_sizes_above_a_quarter_are_those_of_the_whole_jpeg);
    g_test_add_func("/stills/chroma-of-half-the-size-is-scaled-from-there",
                    test_chroma_of_half_the_size_is_scaled_from_there);
    g_test_add_func("/stills/smaller-ones-of-a-jpeg-are-near-those-of-the-whole",
                    test_smaller_ones_of_a_jpeg_are_near_those_of_the_whole);
    g_test_add_func("/stills/size-is-the-same-with-others-and-alone",
                    test_a_size_is_the_same_with_others_and_alone);
    g_test_add_func("/stills/until-it-is-resized-a-size-stands-for-the-whole",
                    test_until_it_is_resized_a_size_stands_for_the_whole);
    g_test_add_func("/stills/jpeg-of-odd-size-is-never-halved",
                    test_a_jpeg_of_odd_size_is_never_halved);
    g_test_add_func("/stills/sizes-of-a-turned-picture-are-upright",
                    test_sizes_of_a_turned_picture_are_upright);
    g_test_add_func("/stills/jpeg-cut-off-has-sizes-where-damage-is-allowed",
                    test_a_jpeg_cut_off_has_sizes_where_damage_is_allowed);
    g_test_add_func("/stills/box-of-what-is-larger-is-that-of-the-whole",
                    test_a_box_of_what_is_larger_is_that_of_the_whole);
    g_test_add_func("/stills/larger-picture-is-held-to-the-limit-of-sources",
                    test_a_larger_picture_is_held_to_the_limit_of_sources);
    g_test_add_func("/stills/of-the-rows-of-a-jpeg-few-are-kept",
                    test_of_the_rows_of_a_jpeg_few_are_kept);
    g_test_add_func("/stills/png-has-sizes-too", test_a_png_has_sizes_too);
    return g_test_run();
}
