/* SPDX-License-Identifier: GPL-3.0-or-later
 * The same grade on the same picture, whatever profile it comes with. */
#include "color.h"
#include "color/convert.h"
#include "grade.h"
#include "steps/faces.h"
#include "stills_support.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 16 };

static void put32(GByteArray *to, guint32 value)
{
    value = GUINT32_TO_BE(value);
    g_byte_array_append(to, (const guint8 *)&value, sizeof value);
}

static void put_xyz(GByteArray *to, const double xyz[3])
{
    g_byte_array_append(to, (const guint8 *)"XYZ \0\0\0\0", 8);
    for (int i = 0; i < 3; i++)
        put32(to, (guint32)lround(xyz[i] * 65536));
}

/* ICC.1:2001-04 of Adobe RGB (1998): gamma 563/256, and its primaries seen from D50. */
enum { TAGS = 8, CURVE_AT = 132 + 12 * TAGS, XYZ_AT = CURVE_AT + 16, DESC_AT = XYZ_AT + 4 * 20 };

static void put_header(GByteArray *to, guint32 size)
{
    static const char *const words[] = {"none", "\2\40\0\0", "mntr", "RGB ", "XYZ "};
    put32(to, size);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_byte_array_append(to, (const guint8 *)words[i], 4);
    while (to->len < 36)
        put32(to, 0);
    g_byte_array_append(to, (const guint8 *)"acsp", 4);
    while (to->len < 68)
        put32(to, 0);
    put32(to, 0xf6d6); /* D50 */
    put32(to, 0x10000);
    put32(to, 0xd32d);
    while (to->len < 128)
        put32(to, 0);
}

static GByteArray *adobe_rgb(void)
{
    static const struct {
        const char *name;
        guint32 at, size;
    } tags[TAGS] = {{"rTRC", CURVE_AT, 14},    {"gTRC", CURVE_AT, 14},    {"bTRC", CURVE_AT, 14},
                    {"rXYZ", XYZ_AT, 20},      {"gXYZ", XYZ_AT + 20, 20}, {"bXYZ", XYZ_AT + 40, 20},
                    {"wtpt", XYZ_AT + 60, 20}, {"desc", DESC_AT, 102}};
    static const double xyz[4][3] = {{0.60974, 0.31111, 0.01947},
                                     {0.20528, 0.62567, 0.06087},
                                     {0.14919, 0.06322, 0.74457},
                                     {0.9642, 1, 0.8249}};
    GByteArray *to = g_byte_array_new();
    put_header(to, DESC_AT + 104);
    put32(to, TAGS);
    for (int i = 0; i < TAGS; i++) {
        g_byte_array_append(to, (const guint8 *)tags[i].name, 4);
        put32(to, tags[i].at);
        put32(to, tags[i].size);
    }
    g_byte_array_append(to, (const guint8 *)"curv\0\0\0\0\0\0\0\1\2\63\0\0", 16);
    for (int i = 0; i < 4; i++)
        put_xyz(to, xyz[i]);
    g_byte_array_append(to, (const guint8 *)"desc\0\0\0\0\0\0\0\14Wide and old", 24);
    while (to->len < DESC_AT + 104)
        put32(to, 0);
    return to;
}

/* Muted colours, which all three spaces hold. */
static void colours(int x, int y, double *out)
{
    out[0] = 12000 + 2000 * x;
    out[1] = 12000 + 2000 * y;
    out[2] = 12000 + 1000 * (x + y);
}

/* `image` as the profile has it: of a file, or one that libvips brings along. */
static VipsImage *in_profile(VipsImage *image, const char *profile)
{
    VipsImage *out = NULL;
    g_assert_cmpint(vips_icc_transform(image, &out, profile, "input_profile", "srgb", "depth", 16,
                                       "intent", VIPS_INTENT_RELATIVE, NULL),
                    ==, 0);
    return out;
}

/* Through grade's face with this much more of red, and to sRGB as it is published. */
static VipsImage *graded(VipsImage *image, double red, const char *note)
{
    struct failure failure = {0};
    struct grade_params params;
    const int fd = stills_file(image, "tiff");
    g_auto(still_ptr) still = stills_open(fd);
    params_init(&grade_step.params, &params);
    params.slope[0] = red;
    params.power[0] = params.power[1] = params.power[2] = 1.2;
    g_assert_true(faces_find("grade")->image(still, &params, &(struct face_env){0}, &failure));
    bool noted = !note;
    const GPtrArray *notes = still_notes(still);
    for (guint i = 0; i < notes->len; i++)
        noted = noted || strstr(notes->pdata[i], note);
    g_assert_true(noted);
    VipsImage *out = stills_written(still, "png", NULL);
    close(fd);
    return out;
}

static void a_wide_profile_gets_the_same_grade(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "wide-XXXXXX", NULL);
    const int fd = g_mkstemp(path);
    g_autoptr(GByteArray) profile = adobe_rgb();
    g_assert_cmpint(write(fd, profile->data, profile->len), ==, profile->len);
    close(fd);
    VipsImage *srgb = stills_make(SIDE, SIDE, 3, true, colours), *wide = in_profile(srgb, path);
    g_assert_cmpfloat(stills_difference(srgb, wide), >, 8 * 257);
    VipsImage *plain = graded(srgb, 1.1, NULL),
              *same = graded(wide, 1.1, "converted from Wide and old");
    g_assert_cmpfloat(stills_difference(plain, same), <=, 2 * 257);
    g_object_unref(srgb);
    g_object_unref(wide);
    g_object_unref(plain);
    g_object_unref(same);
    unlink(path);
}

/* Its curve is sRGB's, so that greys stay what they are in sRGB; no colour is lost on the way. */
static void a_p3_stays_p3(void)
{
    VipsImage *srgb = stills_make(SIDE, SIDE, 3, true, colours), *p3 = in_profile(srgb, "p3");
    VipsImage *plain = graded(srgb, 1, NULL), *same = graded(p3, 1, "graded in Display P3");
    for (int i = 0; i < SIDE; i++)
        for (int band = 0; band < 3; band++)
            g_assert_cmpfloat_with_epsilon(stills_value(plain, i, i, band),
                                           stills_value(same, i, i, band), 2 * 257);
    g_object_unref(srgb);
    g_object_unref(p3);
    g_object_unref(plain);
    g_object_unref(same);
}

/* J. Hable's curve (color/convert.h), and IEC 61966-2-1's. */
static double hable(double x)
{
    return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 1 / 15.;
}

static double srgb_code(double light)
{
    return 65535 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055);
}

static VipsImage *light_of(const float *pixel)
{
    VipsImage *image = NULL, *raw = vips_image_new_from_memory_copy(pixel, 3 * sizeof *pixel, 1, 1,
                                                                    3, VIPS_FORMAT_FLOAT);
    vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_scRGB, NULL);
    g_object_unref(raw);
    return image;
}

/* Its largest component is brought down, and the others with it; a film's rec709 is srgb to it. */
static void light_is_brought_down_as_color_says(void)
{
    static const float pixel[] = {4, 1, 0.5f};
    static const char *const aims[] = {"srgb", "rec709"};
    const double by = hable(4) / hable(2000 / REFERENCE_NIT) / 4;
    for (unsigned i = 0; i < G_N_ELEMENTS(aims); i++) {
        struct failure failure = {0};
        struct color params;
        params_init(&color_step.params, &params);
        params.to = (int)(space_find(aims[i]) - spaces);
        params.tone_map = TONE_HABLE;
        params.from_peak = 2000;
        VipsImage *image = light_of(pixel);
        const int fd = stills_file(image, "tiff");
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(faces_find("color")->image(still, &params, &(struct face_env){0}, &failure));
        VipsImage *out = stills_written(still, "tiff", NULL);
        for (int b = 0; b < 3; b++)
            g_assert_cmpfloat_with_epsilon(stills_value(out, 0, 0, b), srgb_code(by * pixel[b]), 1);
        g_object_unref(image);
        g_object_unref(out);
        close(fd);
    }
}

/* A matrix would mix it into all three. */
static void what_is_no_number_is_black_in_its_channel_alone(void)
{
    static const float pixel[] = {NAN, 0.5f, INFINITY};
    VipsImage *image = light_of(pixel), *out = graded(image, 1.1, NULL);
    g_assert_cmpfloat(stills_value(out, 0, 0, 0), ==, 0);
    g_assert_cmpfloat_with_epsilon(stills_value(out, 0, 0, 1), srgb_code(pow(0.5, 1.2)), 1);
    g_assert_cmpfloat(stills_value(out, 0, 0, 2), ==, 65535);
    g_object_unref(image);
    g_object_unref(out);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/grade-still/wide", a_wide_profile_gets_the_same_grade);
    g_test_add_func("/grade-still/p3", a_p3_stays_p3);
    g_test_add_func("/grade-still/light", light_is_brought_down_as_color_says);
    g_test_add_func("/grade-still/no-number", what_is_no_number_is_black_in_its_channel_alone);
    return g_test_run();
}
