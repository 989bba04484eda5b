/* SPDX-License-Identifier: GPL-3.0-or-later
 * The LUT of a grade as a task has it: by the name of its file, from a descriptor, with the range
 * that was asked for; and HaldCLUT images. */
#include "compile.h"
#include "media/hald.h"
#include "stills_support.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TOLERANCE 2e-6
#define DOUBLES "Version 1\nFrom -4 4\nLength 2\nComponents 1\n{\n-8\n8\n}\n"
#define DOUBLING_CUBE "LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -4 4\n-8 -8 -8\n8 8 8\n"
#define IDENTITY "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n"
/* 64 and 940 of 1023 stay; what is beyond is clipped to them. */
#define LEGAL                                                            \
    "Version 1\nFrom 0.0625610948 0.918866080\nLength 3\nComponents 1\n" \
    "{\n0.0625610948\n0.6\n0.918866080\n}\n"

static int the_file;

static int file_of(const struct face_env *env, const char *param)
{
    g_assert_cmpstr(param, ==, "lut");
    return the_file;
}

static int text_file(const char *text)
{
    const int fd = memfd_create("lut", 0);
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (ssize_t)strlen(text));
    return fd;
}

/* Takes fd over. NULL and `failure`. */
static struct grade *compile(const char *name, int fd, int range, struct failure *failure)
{
    const struct face_env env = {.file = file_of};
    struct grade_params params;
    params_init(&grade_step.params, &params);
    params.lut = (char *)name;
    params.lut_range = range;
    the_file = fd;
    struct grade *grade = grade_compile(&params, &env, "bt709", failure);
    close(fd);
    return grade;
}

static void check(const char *name, int fd, int range, const float in[3], const double out[3])
{
    struct failure failure = {0};
    g_auto(grade_ptr) grade = compile(name, fd, range, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    float rgb[3] = {in[0], in[1], in[2]};
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
    g_test_message("%s: %s", name, grade_describe(grade));
    for (int c = 0; c < 3; c++)
        g_assert_cmpfloat(fabs(rgb[c] - out[c]), <, TOLERANCE);
}

static void check_refused(const char *name, int fd, const char *words)
{
    struct failure failure = {0};
    g_assert_null(compile(name, fd, LUT_AS_IS, &failure));
    g_test_message("%s", failure.message);
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, words));
    failure_clear(&failure);
}

/* ITU-R BT.709: black and white of 10 bits are 64 and 940. */
static void a_range_is_put_around_the_table(void)
{
    static const struct {
        const char *name, *text;
        int range;
        float in;
        double out;
    } cases[] = {
        {"a.spi1d", DOUBLES, LUT_AS_IS, 0.25f, 0.5},
        {"a.spi1d", DOUBLES, LUT_FULL, 0.25f, 0.5},
        {"a.spi1d", LEGAL, LUT_VIDEO, 0, 0},
        {"a.spi1d", LEGAL, LUT_VIDEO, 1, 1},
        {"a.spi1d", LEGAL, LUT_VIDEO, -1, 0},
        {"a.spi1d", LEGAL, LUT_VIDEO, 2, 1},
        {"a.spi1d", LEGAL, LUT_VIDEO, 0.5f, (0.6 * 1023 - 64) / 876},
        {"a.cube", "LUT_IN_VIDEO_RANGE\n" DOUBLING_CUBE, LUT_FULL, 0.25f, 0.5},
        {"a.cube", "LUT_IN_VIDEO_RANGE\n" DOUBLING_CUBE, LUT_VIDEO, 0, 2 * 64 / 1023.0},
        {"a.cube", "LUT_OUT_VIDEO_RANGE\n" DOUBLING_CUBE, LUT_VIDEO, 32 / 1023.0f, 0},
        {"a.cube", "LUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n" DOUBLING_CUBE, LUT_VIDEO, 0,
         64 / 876.0},
        {"a.cube", DOUBLING_CUBE, LUT_VIDEO, 0, 64 / 876.0},
        {"a.cube", "LUT_IN_VIDEO_RANGE\n" IDENTITY, LUT_VIDEO, 0, 64 / 1023.0},
        {"a.cube", "LUT_OUT_VIDEO_RANGE\n" IDENTITY, LUT_VIDEO, 940 / 1023.0f, 1},
        {"a.cube", "LUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n" IDENTITY, LUT_VIDEO, 0.25f, 0.25},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const float in[3] = {cases[i].in, cases[i].in, cases[i].in};
        const double out[3] = {cases[i].out, cases[i].out, cases[i].out};
        check(cases[i].name, text_file(cases[i].text), cases[i].range, in, out);
    }
}

static void a_file_of_video_range_asks_for_one(void)
{
    check_refused("a.cube", text_file("LUT_IN_VIDEO_RANGE\n" DOUBLING_CUBE), "lut_range: video");
    check_refused("a.cube", text_file("LUT_OUT_VIDEO_RANGE\n" DOUBLING_CUBE), "lut_range: full");
}

static void an_identity_changes_nothing_in_any_range(void)
{
    for (int range = LUT_AS_IS; range <= LUT_VIDEO; range++) {
        struct failure failure = {0};
        g_auto(grade_ptr) grade = compile("a.cube", text_file(IDENTITY), range, &failure);
        g_assert_nonnull(grade);
        g_assert_true(grade_is_identity(grade));
    }
}

static void other_files_are_named_and_not_quoted(void)
{
    check_refused("secret.txt", text_file("hush"), "HaldCLUT images (.png, .tif, .tiff)");
    check_refused("secret.txt", text_file("hush"), ".cube, .3dl, .spi1d");
    check_refused("a.clf", text_file("<Look/>"), "a.clf:1:1");
    check_refused("a.png", text_file("LUT_1D_SIZE 2\n"), "the HaldCLUT can't be used");
}

static int level;
static double white;

/* What a point would be in an identity, red and blue changed over. */
static void paint_swapped(int x, int y, double *out)
{
    const int n = level * level, at = y * level * level * level + x;
    out[0] = round(at / n / n * white / (n - 1));
    out[1] = round(at / n % n * white / (n - 1));
    out[2] = round(at % n * white / (n - 1));
    out[3] = 7; /* alpha, in the one that has it */
}

static int hald_file(int wanted, int bands, bool deep, const char *format)
{
    level = wanted;
    white = deep ? 65535 : 255;
    const int edge = level * level * level;
    VipsImage *image = stills_make(edge, edge, bands, deep, paint_swapped);
    const int fd = stills_file(image, format);
    g_object_unref(image);
    return fd;
}

static void hald_images_are_cubes(void)
{
    static const struct {
        int level, bands;
        bool deep;
        const char *format, *name, *words;
    } cases[] = {
        {2, 3, true, "png", "a.png", "HaldCLUT of 16 bits"},
        {4, 3, false, "png", "a.PNG", "8 bits, which are coarse"},
        {4, 4, true, "png", "a.png", "16 bits"},
        {3, 3, true, "tiff", "a.tif", "16 bits"},
        {8, 3, true, "tiff", "a.tiff", "cube of 64x64x64"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct failure failure = {0};
        g_auto(grade_ptr) grade =
            compile(cases[i].name,
                    hald_file(cases[i].level, cases[i].bands, cases[i].deep, cases[i].format),
                    LUT_AS_IS, &failure);
        g_assert_cmpstr(failure.message, ==, NULL);
        g_assert_nonnull(strstr(grade_describe(grade), cases[i].words));
        float rgb[3] = {0.2f, 0.4f, 0.7f};
        grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
        const double step = 0.5 / white + 1e-6; /* of rounding each point */
        g_assert_cmpfloat(fabs(rgb[0] - 0.7), <=, step);
        g_assert_cmpfloat(fabs(rgb[1] - 0.4), <=, step);
        g_assert_cmpfloat(fabs(rgb[2] - 0.2), <=, step);
    }
}

static void black(int x, int y, double *out)
{
    memset(out, 0, 4 * sizeof *out);
}

static int plain_file(int width, int height, int bands, const char *format)
{
    VipsImage *image = stills_make(width, height, bands, false, black);
    const int fd = stills_file(image, format);
    g_object_unref(image);
    return fd;
}

static void other_pictures_are_no_hald_images(void)
{
    check_refused("a.png", plain_file(64, 27, 3, "png"), "64 x 27 pixels are no HaldCLUT");
    check_refused("a.png", plain_file(63, 63, 3, "png"), "63 x 63 pixels");
    check_refused("a.png", plain_file(1, 1, 3, "png"), "1 x 1 pixels");
    check_refused("a.png", plain_file(1728, 1728, 3, "png"), "level 12 has 144 points");
    check_refused("a.png", plain_file(64, 64, 1, "png"), "grey");
    check_refused("a.png", plain_file(64, 64, 3, "jpeg"), "PNG or TIFF");
}

static void the_largest_level_is_read(void)
{
    struct failure failure = {0};
    struct hald hald = {0};
    const int fd = plain_file(1331, 1331, 3, "png");
    g_assert_true(hald_read(fd, &hald, &failure));
    g_assert_cmpuint(hald.size, ==, 121);
    g_free(hald.points);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/luts/range", a_range_is_put_around_the_table);
    g_test_add_func("/luts/range/asked", a_file_of_video_range_asks_for_one);
    g_test_add_func("/luts/identity", an_identity_changes_nothing_in_any_range);
    g_test_add_func("/luts/names", other_files_are_named_and_not_quoted);
    g_test_add_func("/luts/hald", hald_images_are_cubes);
    g_test_add_func("/luts/hald/refused", other_pictures_are_no_hald_images);
    g_test_add_func("/luts/hald/largest", the_largest_level_is_read);
    return g_test_run();
}
