/* SPDX-License-Identifier: GPL-3.0-or-later
 * What happens to the pixels of stills. */
#include "stills_support.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static void flat(int x, int y, double *out)
{
    out[0] = 13;
    out[1] = 127;
    out[2] = 250;
}

static void disc(int x, int y, double *out)
{
    double value = hypot(x - 100, y - 100) < 70 ? 255 : 0;
    out[0] = out[1] = out[2] = out[3] = value;
}

static void ramp(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = y * 256 + x;
}

static void corners(int x, int y, double *out)
{
    out[0] = x * 20;
    out[1] = y * 20;
    out[2] = 7 * x + y;
}

static void green(int x, int y, double *out)
{
    out[1] = 255;
}

static void is_flat(VipsImage *image)
{
    double want[4] = {0}, max, min;
    flat(0, 0, want);
    for (int b = 0; b < 3; b++) {
        VipsImage *band = NULL;
        g_assert_cmpint(vips_extract_band(image, &band, b, NULL), ==, 0);
        g_assert_cmpint(vips_max(band, &max, NULL) | vips_min(band, &min, NULL), ==, 0);
        g_assert_cmpfloat(max, ==, want[b]);
        g_assert_cmpfloat(min, ==, want[b]);
        g_object_unref(band);
    }
}

static void test_flat_field_stays_flat(void)
{
    static const int sizes[][2] = {{33, 17}, {50, 64}, {99, 3}, {1, 1}, {250, 411}};
    static const char *const kernels[] = {"lanczos", "bicubic", "bilinear", "nearest"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(101, 67, 3, false, flat));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes) * G_N_ELEMENTS(kernels); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = stills_open(fd);
        const int *size = sizes[i / 4];
        g_assert_true(still_resize(still, &failure, size[0], size[1], kernels[i % 4], i % 3 == 0));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_assert_cmpint(VIPS_IMAGE(out)->Xsize, ==, size[0]);
        g_assert_cmpint(VIPS_IMAGE(out)->Ysize, ==, size[1]);
        is_flat(VIPS_IMAGE(out));
    }
    close(fd);
}

static void test_white_disc_has_no_dark_edge(void)
{
    static const int sizes[] = {150, 97, 61, 20, 333};
    g_autoptr(GObject) image = G_OBJECT(stills_make(200, 200, 4, false, disc));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_resize(still, &failure, sizes[i], sizes[i], "lanczos", i % 2 == 0));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        VipsImage *memory = vips_image_copy_memory(VIPS_IMAGE(out));
        for (int y = 0; y < sizes[i]; y++)
            for (int x = 0; x < sizes[i]; x++)
                if (VIPS_IMAGE_ADDR(memory, x, y)[3] > 8)
                    g_assert_cmpint(VIPS_IMAGE_ADDR(memory, x, y)[0], >=, 254);
        g_object_unref(memory);
    }
    close(fd);
}

static void test_16_bits_are_kept(void)
{
    static const char *const formats[] = {"png", "tiff"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(256, 256, 3, true, ramp));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_rotate(still, &failure, 180, false, false));
        g_assert_true(still_rotate(still, &failure, 0, true, true));
        g_assert_true(still_crop(still, &failure, 0, 0, 256, 256));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i], NULL));
        g_assert_cmpint(VIPS_IMAGE(out)->BandFmt, ==, VIPS_FORMAT_USHORT);
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), VIPS_IMAGE(image)), ==, 0);
    }
    close(fd);
}

/* A grade that is one, and changes nothing. */
static struct grade *idle_grade(void)
{
    struct grade *grade = grade_create();
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add(look, &(struct look_stage){.kind = LOOK_CLAMP, .clamp = {-1, 2}});
    grade_add(grade, look);
    return grade;
}

static void test_an_idle_grade_changes_no_pixel(void)
{
    for (int deep = 0; deep < 2; deep++) {
        struct failure failure = {0};
        int side = deep ? 256 : 12;
        g_autoptr(GObject) image =
            G_OBJECT(stills_make(side, side, 3, deep, deep ? ramp : corners));
        int fd = stills_file(VIPS_IMAGE(image), "png");
        struct still *still = stills_open(fd);
        g_assert_true(still_grade(still, &failure, idle_grade()));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), VIPS_IMAGE(image)), ==, 0);
        still_close(still);
        close(fd);
    }
}

/* EXIF 2.32, 4.6.4 A, Orientation: stored turned the other way, all come out the same. */
/* Above white and below black, too, as floats of linear light have it. */
static void test_floats_are_kept(void)
{
    const struct encode_image archive = {.effort = -1, .metadata = META_ARCHIVE};
    g_autoptr(GObject) image = G_OBJECT(stills_make(256, 256, 3, true, ramp));
    VipsImage *real = NULL, *linear = NULL;
    g_assert_cmpint(vips_linear1(VIPS_IMAGE(image), &real, 1 / 30000., -0.5, NULL), ==, 0);
    g_assert_cmpint(vips_copy(real, &linear, "interpretation", VIPS_INTERPRETATION_scRGB, NULL), ==,
                    0);
    int fd = stills_file(linear, "tiff");
    struct failure failure = {0};
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_rotate(still, &failure, 90, false, false));
    g_assert_true(still_rotate(still, &failure, 270, false, false));
    g_assert_true(still_crop(still, &failure, 0, 0, 256, 256));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &archive));
    g_assert_cmpint(VIPS_IMAGE(out)->BandFmt, ==, VIPS_FORMAT_FLOAT);
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), linear), ==, 0);
    g_object_unref(real);
    g_object_unref(linear);
    close(fd);
}

static void test_orientations_come_out_upright(void)
{
    static const struct {
        VipsAngle angle;
        bool mirror;
    } stored[] = {{VIPS_ANGLE_D0, false},  {VIPS_ANGLE_D0, true},  {VIPS_ANGLE_D180, false},
                  {VIPS_ANGLE_D180, true}, {VIPS_ANGLE_D90, true}, {VIPS_ANGLE_D270, false},
                  {VIPS_ANGLE_D270, true}, {VIPS_ANGLE_D90, false}};
    g_autoptr(GObject) image = G_OBJECT(stills_make(12, 9, 3, false, corners));
    for (int i = 0; i < 8; i++) {
        VipsImage *turned = NULL, *mirrored = NULL;
        vips_rot(VIPS_IMAGE(image), &turned, stored[i].angle, NULL);
        if (stored[i].mirror)
            vips_flip(turned, &mirrored, VIPS_DIRECTION_HORIZONTAL, NULL);
        else
            vips_copy(turned, &mirrored, NULL);
        vips_image_set_int(mirrored, VIPS_META_ORIENTATION, i + 1);
        int fd = stills_file(mirrored, "tiff");
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_assert_cmpint(vips_image_get_orientation(VIPS_IMAGE(out)), ==, 1);
        g_assert_cmpint(VIPS_IMAGE(out)->Xsize, ==, 12);
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), VIPS_IMAGE(image)), ==, 0);
        g_object_unref(turned);
        g_object_unref(mirrored);
        close(fd);
    }
}

static VipsImage *in_p3(void)
{
    VipsImage *image = stills_make(16, 16, 3, false, green);
    VipsBlob *profile = NULL;
    size_t length;
    g_assert_cmpint(vips_profile_load("p3", &profile, NULL), ==, 0);
    const void *data = vips_blob_get(profile, &length);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, length);
    vips_area_unref(VIPS_AREA(profile));
    return image;
}

/* Display P3's green lies outside sRGB and comes to its edge; half of grey is the same in both. */
static void test_p3_is_converted_or_kept(void)
{
    const struct encode_image archive = {.effort = -1, .metadata = META_ARCHIVE};
    g_autoptr(GObject) image = G_OBJECT(in_p3());
    int fd = stills_file(VIPS_IMAGE(image), "tiff");
    g_auto(still_ptr) still = stills_open(fd);
    g_auto(still_ptr) kept = still_fork(still);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
    g_assert_cmpint(vips_image_get_typeof(VIPS_IMAGE(out), VIPS_META_ICC_NAME), ==, 0);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 3, 3, 0), <=, 1);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 3, 3, 1), >=, 254);
    g_assert_cmpstr(still_notes(still)->pdata[0], !=, NULL);
    g_autoptr(GObject) master = G_OBJECT(stills_written(kept, "tiff", &archive));
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(master), VIPS_IMAGE(image)), ==, 0);
    g_assert_cmpint(vips_image_get_typeof(VIPS_IMAGE(master), VIPS_META_ICC_NAME), !=, 0);
    close(fd);
}

static void test_an_overlay_leaves_what_it_does_not_cover(void)
{
    struct failure failure = {0};
    g_autoptr(GObject) base = G_OBJECT(stills_make(300, 300, 3, false, flat));
    g_autoptr(GObject) logo = G_OBJECT(stills_make(200, 200, 4, false, disc));
    int fd = stills_file(VIPS_IMAGE(base), "png");
    int over = stills_file(VIPS_IMAGE(logo), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_overlay(still, &failure, over, 100, 0.5, 280, -40));
    g_assert_true(still_overlay(still, &failure, over, 100, 0.5, 50, 50));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 100, 100, 0), ==, 134);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 100, 100, 1), ==, 191);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 52, 52, 1), ==, 127);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 10, 290, 2), ==, 250);
    close(fd);
    close(over);
}

static void test_a_canvas_keeps_the_picture(void)
{
    struct failure failure = {0};
    g_autoptr(GObject) base = G_OBJECT(stills_make(12, 12, 3, true, corners));
    int fd = stills_file(VIPS_IMAGE(base), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_pad(still, &failure, 20, 16, 4, 2, (struct rgba){255, 128, 0, 255}));
    g_auto(still_ptr) inner = still_fork(still);
    g_assert_true(still_crop(inner, &failure, 4, 2, 12, 12));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
    g_autoptr(GObject) back = G_OBJECT(stills_written(inner, "png", NULL));
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 0), ==, 65535);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 19, 15, 1), ==, 128 * 257);
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(back), VIPS_IMAGE(base)), ==, 0);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/flat-field-stays-flat", test_flat_field_stays_flat);
    g_test_add_func("/stills/white-disc-has-no-dark-edge", test_white_disc_has_no_dark_edge);
    g_test_add_func("/stills/16-bits-are-kept", test_16_bits_are_kept);
    g_test_add_func("/stills/floats-are-kept", test_floats_are_kept);
    g_test_add_func("/stills/idle-grade-changes-no-pixel", test_an_idle_grade_changes_no_pixel);
    g_test_add_func("/stills/orientations-come-out-upright", test_orientations_come_out_upright);
    g_test_add_func("/stills/p3-is-converted-or-kept", test_p3_is_converted_or_kept);
    g_test_add_func("/stills/overlay-leaves-what-it-does-not-cover",
                    test_an_overlay_leaves_what_it_does_not_cover);
    g_test_add_func("/stills/canvas-keeps-the-picture", test_a_canvas_keeps_the_picture);
    return g_test_run();
}
