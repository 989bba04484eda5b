/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colours of stills, in and out, beside what lcms2 makes of them in double precision. Colours
 * outside a profile are left to it: both sides clip. */
#include "stills_support.h"

#include "color/space.h"
#include "media/probe.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 20 }; /* a walk through the cube of colours, a pixel a colour */
static const cmsUInt32Number flags = cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE;

/* Halton's sequence: evenly spread in four dimensions. */
static double spread(int index, int base)
{
    double value = 0, part = 1;
    for (int i = index + 1; i > 0; i /= base) {
        part /= base;
        value += part * (i % base);
    }
    return value;
}

static const int bases[] = {2, 3, 5, 7};

static void colors(int x, int y, double *out)
{
    for (int b = 0; b < 4; b++)
        out[b] = floor(256 * spread(y * SIDE + x, bases[b]));
}

static void deep_colors(int x, int y, double *out)
{
    for (int b = 0; b < 4; b++)
        out[b] = floor(65536 * spread(y * SIDE + x, bases[b]));
}

static void attach(VipsImage *image, const void *profile, gsize length)
{
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, length);
}

static GBytes *saved(cmsHPROFILE profile)
{
    cmsUInt32Number length = 0;
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &length));
    void *data = g_malloc(length);
    g_assert_true(cmsSaveProfileToMem(profile, data, &length));
    cmsCloseProfile(profile);
    return g_bytes_new_take(data, length);
}

static GBytes *of_libvips(const char *name)
{
    VipsBlob *blob = NULL;
    size_t length;
    g_assert_cmpint(vips_profile_load(name, &blob, NULL), ==, 0);
    const void *data = vips_blob_get(blob, &length);
    GBytes *bytes = g_bytes_new(data, length);
    vips_area_unref(VIPS_AREA(blob));
    return bytes;
}

/* Adobe RGB (1998) Color Image Encoding, version 2005-05, 4.3.1. */
static GBytes *adobe_rgb(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.19921875);
    cmsToneCurve *curves[] = {curve, curve, curve};
    GBytes *bytes = saved(cmsCreateRGBProfile(&white, &primaries, curves));
    cmsFreeToneCurve(curve);
    return bytes;
}

/* As of a monitor that was calibrated: its numbers count, not what it is called. */
static GBytes *called_srgb(void)
{
    GBytes *adobe = adobe_rgb();
    gsize length;
    const void *data = g_bytes_get_data(adobe, &length);
    cmsHPROFILE profile = cmsOpenProfileFromMem(data, (cmsUInt32Number)length);
    cmsMLU *name = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(name, "en", "US", "sRGB calibrated monitor");
    g_assert_true(cmsWriteTag(profile, cmsSigProfileDescriptionTag, name));
    cmsMLUfree(name);
    g_bytes_unref(adobe);
    return saved(profile);
}

static cmsHPROFILE opened(GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    cmsHPROFILE profile = cmsOpenProfileFromMem(data, (cmsUInt32Number)length);
    g_assert_nonnull(profile);
    return profile;
}

static cmsHPROFILE embedded(VipsImage *image)
{
    const void *data;
    size_t length;
    g_assert_cmpint(vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &length), ==, 0);
    cmsHPROFILE profile = cmsOpenProfileFromMem(data, (cmsUInt32Number)length);
    g_assert_nonnull(profile);
    return profile;
}

static bool is_cmyk(cmsHPROFILE profile)
{
    return cmsGetColorSpace(profile) == cmsSigCmykData;
}

static cmsUInt32Number doubles_of(cmsHPROFILE profile)
{
    return is_cmyk(profile)                              ? TYPE_CMYK_DBL
           : cmsGetColorSpace(profile) == cmsSigGrayData ? TYPE_GRAY_DBL
                                                         : TYPE_RGB_DBL;
}

/* From the source's pixels to Lab: by way of the target, and back from that. */
struct reference {
    cmsHTRANSFORM there, back;
    double most; /* of a component of the target */
};

static struct reference reference_new(cmsHPROFILE from, cmsHPROFILE to)
{
    cmsHPROFILE pcs = cmsCreateLab4Profile(NULL);
    struct reference reference = {cmsCreateTransform(from, doubles_of(from), to, doubles_of(to),
                                                     INTENT_RELATIVE_COLORIMETRIC, flags),
                                  cmsCreateTransform(to, doubles_of(to), pcs, TYPE_Lab_DBL,
                                                     INTENT_RELATIVE_COLORIMETRIC,
                                                     cmsFLAGS_NOOPTIMIZE),
                                  is_cmyk(to) ? 100 : 1};
    cmsCloseProfile(pcs);
    return reference;
}

/* `image` is in memory. */
static void pixel_of(VipsImage *image, int x, int y, double *out)
{
    const void *at = VIPS_IMAGE_ADDR(image, x, y);
    double ink = image->Type == VIPS_INTERPRETATION_CMYK ? 100 : 1;
    for (int b = 0; b < image->Bands && b < 4; b++)
        out[b] = image->BandFmt == VIPS_FORMAT_UCHAR ? ((const guint8 *)at)[b] / 255. * ink
                                                     : ((const guint16 *)at)[b] / 65535. * ink;
}

/* CIEDE2000 of the written picture beside what lcms2 makes of the source's. */
static double delta_at(const struct reference *reference, VipsImage *source, VipsImage *written,
                       int x, int y)
{
    double was[4] = {0}, wanted[4] = {0}, is[4] = {0};
    cmsCIELab wanted_lab, lab;
    pixel_of(source, x, y, was);
    pixel_of(written, x, y, is);
    cmsDoTransform(reference->there, was, wanted, 1);
    for (int b = 0; b < 4; b++)
        wanted[b] = CLAMP(wanted[b], 0, reference->most);
    cmsDoTransform(reference->back, wanted, &wanted_lab, 1);
    cmsDoTransform(reference->back, is, &lab, 1);
    return cmsCIE2000DeltaE(&wanted_lab, &lab, 1, 1, 1);
}

static void check_delta(VipsImage *source, cmsHPROFILE from, VipsImage *written, cmsHPROFILE to,
                        double mean_most, double most)
{
    g_autoptr(GObject) was = G_OBJECT(vips_image_copy_memory(source));
    g_autoptr(GObject) is = G_OBJECT(vips_image_copy_memory(written));
    struct reference reference = reference_new(from, to);
    double sum = 0, max = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double delta = delta_at(&reference, VIPS_IMAGE(was), VIPS_IMAGE(is), x, y);
            sum += delta;
            max = fmax(max, delta);
        }
    cmsDeleteTransform(reference.there);
    cmsDeleteTransform(reference.back);
    g_test_message("mean %.4f, max %.4f", sum / (SIDE * SIDE), max);
    g_assert_cmpfloat(sum / (SIDE * SIDE), <=, mean_most);
    g_assert_cmpfloat(max, <=, most);
}

static VipsImage *source_in(GBytes *profile, bool deep)
{
    cmsHPROFILE opened_profile = opened(profile);
    bool cmyk = is_cmyk(opened_profile);
    cmsCloseProfile(opened_profile);
    VipsImage *made = stills_make(SIDE, SIDE, cmyk ? 4 : 3, deep, deep ? deep_colors : colors);
    VipsImage *image = NULL;
    gsize length;
    const void *data = g_bytes_get_data(profile, &length);
    vips_copy(made, &image, "interpretation", cmyk ? VIPS_INTERPRETATION_CMYK : made->Type, NULL);
    g_object_unref(made);
    attach(image, data, length);
    return image;
}

/* I5: a mean of 0.5, at most 2. */
static void test_profiles_come_to_srgb(void)
{
    GBytes *profiles[] = {of_libvips("p3"), adobe_rgb(), of_libvips("cmyk"), called_srgb()};
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(profiles); i++) {
        GBytes *profile = profiles[i / 2];
        g_autoptr(GObject) image = G_OBJECT(source_in(profile, i % 2));
        int fd = stills_file(VIPS_IMAGE(image), "tiff");
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        cmsHPROFILE from = opened(profile);
        g_assert_cmpint(vips_image_get_typeof(VIPS_IMAGE(out), VIPS_META_ICC_NAME), ==, 0);
        check_delta(VIPS_IMAGE(image), from, VIPS_IMAGE(out), srgb, 0.5, 2);
        cmsCloseProfile(from);
        close(fd);
    }
    cmsCloseProfile(srgb);
    for (unsigned i = 0; i < G_N_ELEMENTS(profiles); i++)
        g_bytes_unref(profiles[i]);
}

static int file_of(GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    int fd = stills_blank();
    g_assert_cmpint(write(fd, data, length), ==, (gssize)length);
    return fd;
}

/* Of 8 bits a step of a code value is the error; 16 have less than a tenth. */
static void test_pictures_are_written_in_the_profile_that_is_asked_for(void)
{
    static const struct {
        const char *profile, *format;
        bool deep;
        int bands;
        double mean, most;
    } rows[] = {
        {"srgb", "tiff", true, 3, 0.01, 0.05},      {"display-p3", "png", true, 3, 0.01, 0.05},
        {"display-p3", "png", false, 3, 0.3, 1},    {"adobe-rgb", "tiff", true, 3, 0.01, 0.05},
        {"adobe-rgb", "tiff", false, 3, 0.3, 1},    {"grey", "png", true, 1, 0.01, 0.05},
        {"coated.icc", "tiff", true, 4, 0.05, 0.3}, {"coated.icc", "tiff", false, 4, 0.5, 2},
    };
    GBytes *p3 = of_libvips("p3"), *cmyk = of_libvips("cmyk");
    int ink = file_of(cmyk);
    cmsHPROFILE from = opened(p3);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        const struct encode_image encode = {.effort = -1, .profile = (char *)rows[i].profile};
        g_autoptr(GObject) image = G_OBJECT(source_in(p3, rows[i].deep));
        int fd = stills_file(VIPS_IMAGE(image), "tiff");
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(rows[i].bands != 4 || still_take_profile(still, ink, &failure));
        g_test_message("%s %s", rows[i].profile, rows[i].format);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, rows[i].format, &encode));
        g_assert_cmpint(VIPS_IMAGE(out)->Bands, ==, rows[i].bands);
        cmsHPROFILE to = embedded(VIPS_IMAGE(out));
        check_delta(VIPS_IMAGE(image), from, VIPS_IMAGE(out), to, rows[i].mean, rows[i].most);
        cmsCloseProfile(to);
        close(fd);
    }
    cmsCloseProfile(from);
    close(ink);
    g_bytes_unref(p3);
    g_bytes_unref(cmyk);
}

/* Pixels of floats in a row, as a TIFF; with the profile, or NULL for none. */
static int float_file(const float (*pixels)[3], int count, GBytes *profile)
{
    g_autoptr(GObject) raw = G_OBJECT(vips_image_new_from_memory_copy(
        pixels, sizeof *pixels * (gsize)count, count, 1, 3, VIPS_FORMAT_FLOAT));
    VipsImage *image = NULL;
    vips_copy(VIPS_IMAGE(raw), &image, "interpretation", VIPS_INTERPRETATION_scRGB, NULL);
    if (profile)
        attach(image, g_bytes_get_data(profile, NULL), g_bytes_get_size(profile));
    const int fd = stills_file(image, "tiff");
    g_object_unref(image);
    return fd;
}

/* Display P3's green in linear sRGB (SMPTE EG 432-1, IEC 61966-2-1). */
static void test_float_has_more_colours_than_srgb(void)
{
    static const float green[][3] = {{-0.2249f, 1.0420f, -0.0786f}};
    const struct encode_image encode = {.effort = -1, .profile = (char *)"display-p3"};
    int fd = float_file(green, 1, NULL);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &encode));
    g_assert_cmpint(VIPS_IMAGE(out)->BandFmt, ==, VIPS_FORMAT_USHORT);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 0), <, 800);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 1), >, 65400);
    g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 2), <, 800);
    close(fd);
}

static const float lamps[][3] = {{100, 0, 0},      {5000, 0, 0},      {0, INFINITY, 0},
                                 {0, 0, 1e38f},    {NAN, 0.5f, 0.5f}, {2, 0.5f, 0.5f},
                                 {-INFINITY, 1, 0}};

/* IEC 61966-2-1: light of 0.5 is 0.7353569831 of the code range. */
enum { HALF = 48192, DEEP = 65535 };
static const double lamps_shown[][3] = {{DEEP, 0, 0}, {DEEP, 0, 0},    {0, DEEP, 0},
                                        {0, 0, DEEP}, {0, HALF, HALF}, {DEEP, HALF, HALF},
                                        {0, DEEP, 0}};

/* In a format, with a profile; the least code of the target's depth is `step`. */
static void test_bright_floats_are_cut_off_and_keep_their_hue(void)
{
    static const struct {
        const char *format;
        struct encode_image encode;
        double step;
    } rows[] = {
        {"tiff", {.effort = -1}, 1},
        {"tiff", {.effort = -1, .profile = (char *)"srgb"}, 1},
        {"png", {.effort = -1}, 1},
        {"tiff", {.effort = -1, .profile = (char *)"keep", .bit_depth = 16}, 1},
        {"png", {.effort = -1, .bit_depth = 8}, 257},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fd = float_file(lamps, G_N_ELEMENTS(lamps), NULL);
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, rows[i].format, &rows[i].encode));
        for (int x = 0; x < (int)G_N_ELEMENTS(lamps); x++)
            for (int b = 0; b < 3; b++)
                g_assert_cmpfloat(
                    fabs(rows[i].step * stills_value(VIPS_IMAGE(out), x, 0, b) - lamps_shown[x][b]),
                    <=, rows[i].step > 1 ? rows[i].step / 2 : 0);
        close(fd);
    }
}

/* lcms2 calls it "RGB built-in". Its primaries are those of ITU-R BT.709. */
static GBytes *nameless_light(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE bt709 = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *straight = cmsBuildGamma(NULL, 1);
    cmsToneCurve *curves[] = {straight, straight, straight};
    GBytes *profile = saved(cmsCreateRGBProfile(&white, &bt709, curves));
    cmsFreeToneCurve(straight);
    return profile;
}

static void test_linear_light_is_known_by_its_profile_of_any_name(void)
{
    static const struct encode_image plain = {.effort = -1};
    g_autoptr(GBytes) profile = nameless_light();
    int fd = float_file(lamps, G_N_ELEMENTS(lamps), profile);
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_space(still) == space_find("linear-rec709"));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &plain));
    for (int x = 0; x < (int)G_N_ELEMENTS(lamps); x++)
        for (int b = 0; b < 3; b++)
            g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), x, 0, b), ==, lamps_shown[x][b]);
    close(fd);
}

/* In other primaries a lamp of red has a little green and blue, but red it is. */
static void test_bright_floats_keep_their_hue_in_other_profiles(void)
{
    static const char *const profiles[] = {"display-p3", "adobe-rgb"};
    for (unsigned i = 0; i < G_N_ELEMENTS(profiles); i++) {
        const struct encode_image encode = {.effort = -1, .profile = (char *)profiles[i]};
        int fd = float_file(lamps, G_N_ELEMENTS(lamps), NULL);
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &encode));
        for (int x = 0; x < 2; x++) {
            g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), x, 0, 0), ==, DEEP);
            g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), x, 0, 1), <, 0.3 * DEEP);
            g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), x, 0, 2), <, 0.3 * DEEP);
        }
        close(fd);
    }
}

static void test_floats_that_stay_floats_stay_as_they_are(void)
{
    static const float values[][3] = {{100, -3, 0.5f}, {1e-6f, 70000, -0.2f}};
    const struct encode_image encode = {.effort = -1, .profile = (char *)"keep"};
    int fd = float_file(values, 2, NULL);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &encode));
    g_assert_cmpint(VIPS_IMAGE(out)->BandFmt, ==, VIPS_FORMAT_FLOAT);
    for (int x = 0; x < 2; x++)
        for (int b = 0; b < 3; b++)
            g_assert_cmpfloat((float)stills_value(VIPS_IMAGE(out), x, 0, b), ==, values[x][b]);
    close(fd);
}

/* Floats of codes, as editors write them, aren't light: they come out as they are. */
static void test_floats_with_a_profile_are_what_it_says(void)
{
    static const float values[][3] = {{0.5f, 0.25f, 0.75f}};
    static const char *const profiles[] = {"srgb", "p3"};
    static const char *const named[] = {"srgb", "display-p3"};
    for (unsigned i = 0; i < G_N_ELEMENTS(profiles); i++) {
        const struct encode_image encode = {.effort = -1, .profile = (char *)named[i]};
        g_autoptr(GBytes) profile = of_libvips(profiles[i]);
        int fd = float_file(values, 1, profile);
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &encode));
        for (int b = 0; b < 3; b++)
            g_assert_cmpfloat_with_epsilon(stills_value(VIPS_IMAGE(out), 0, 0, b),
                                           values[0][b] * DEEP, 1);
        close(fd);
    }
}

static void test_alpha_stays_as_it_is(void)
{
    const struct encode_image encode = {.effort = -1, .profile = (char *)"adobe-rgb"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(SIDE, SIDE, 4, true, deep_colors));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", &encode));
    for (int i = 0; i < SIDE; i++)
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), i, i, 3), ==,
                          stills_value(VIPS_IMAGE(image), i, i, 3));
    close(fd);
}

static void test_kept_profiles_are_embedded_whatever_tags_are(void)
{
    GBytes *p3 = of_libvips("p3");
    g_autoptr(GObject) image = G_OBJECT(source_in(p3, false));
    int fd = stills_file(VIPS_IMAGE(image), "tiff");
    for (unsigned metadata = META_WEB; metadata <= META_NONE; metadata <<= 1) {
        const struct encode_image encode = {.effort = -1,
                                            .quality = 100,
                                            .subsampling = 2,
                                            .profile = (char *)"keep",
                                            .metadata = metadata};
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
        cmsCloseProfile(embedded(VIPS_IMAGE(out)));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), VIPS_IMAGE(image)), <=, 8);
    }
    close(fd);
    g_bytes_unref(p3);
}

/* libpng writes none whose white isn't D50 to the last digit (ICC.1, 7.2.16), as Photoshop's. */
static void test_png_holds_profiles_that_libpng_finds_fault_with(void)
{
    enum { WHITE = 68 };
    const struct encode_image encode = {.effort = -1, .profile = (char *)"keep"};
    gsize length;
    size_t size;
    const void *data;
    g_autofree guint8 *bytes = g_bytes_unref_to_data(of_libvips("p3"), &length);
    bytes[WHITE + 3] ^= 1;
    const GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_FATAL_MASK); /* libpng warns */
    g_autoptr(GBytes) odd = g_bytes_new(bytes, length);
    g_autoptr(GObject) image = G_OBJECT(source_in(odd, false));
    int fd = stills_file(VIPS_IMAGE(image), "tiff");
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", &encode));
    g_assert_cmpint(vips_image_get_blob(VIPS_IMAGE(out), VIPS_META_ICC_NAME, &data, &size), ==, 0);
    g_assert_cmpmem(data, size, bytes, length);
    g_log_set_always_fatal(fatal);
    close(fd);
}

static void refused(const char *format, const char *profile, GBytes *file, const char *word)
{
    struct failure failure = {0};
    struct claim claim = {0};
    const struct encode_image encode = {.effort = -1, .profile = (char *)profile};
    g_autoptr(GObject) image = G_OBJECT(stills_make(SIDE, SIDE, 3, false, colors));
    int fd = stills_file(VIPS_IMAGE(image), "png"), out = stills_blank();
    int ink = file ? file_of(file) : -1;
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_false((!file || still_take_profile(still, ink, &failure)) &&
                   still_write(still, format, &encode, out, &claim, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, word));
    failure_clear(&failure);
    claim_clear(&claim);
    close(fd);
    close(out);
    if (file)
        close(ink);
}

static void test_what_a_format_cannot_hold_is_refused(void)
{
    GBytes *cmyk = of_libvips("cmyk"), *words = g_bytes_new_static("no profile", 10);
    g_autofree char *zeros = g_malloc0(4096);
    GBytes *nothing = g_bytes_new(zeros, 4096);
    refused("png", "coated.icc", cmyk, "CMYK");
    refused("webp", "coated.icc", cmyk, "CMYK");
    refused("avif", "grey", NULL, "grey");
    refused("tiff", "coated.icc", words, "no colour profile");
    refused("tiff", "coated.icc", nothing, "damaged");
    g_bytes_unref(cmyk);
    g_bytes_unref(words);
    g_bytes_unref(nothing);
}

static void test_cmyk_of_a_transparent_picture_is_on_white_paper(void)
{
    struct failure failure = {0};
    GBytes *cmyk = of_libvips("cmyk");
    const struct encode_image encode = {
        .effort = -1, .quality = 100, .profile = (char *)"coated.icc"};
    static const guint8 clear[4] = {0};
    g_autoptr(GObject) image =
        G_OBJECT(vips_image_new_from_memory_copy(clear, 4, 1, 1, 4, VIPS_FORMAT_UCHAR));
    int fd = stills_file(VIPS_IMAGE(image), "png"), ink = file_of(cmyk);
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_take_profile(still, ink, &failure));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
    g_assert_cmpint(VIPS_IMAGE(out)->Type, ==, VIPS_INTERPRETATION_CMYK);
    for (int b = 0; b < 4; b++)
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, b), <=, 3);
    close(fd);
    close(ink);
    g_bytes_unref(cmyk);
}

static void greenish(int x, int y, double *out)
{
    out[0] = 100 + 7 * x;
    out[1] = 128;
    out[2] = 100 + 7 * y;
}

/* TIFF 6.0, 23: three samples, of 8 or of 16 bits. */
static void test_lab_has_no_alpha_and_comes_to_srgb(void)
{
    static const struct {
        VipsInterpretation type;
        double off; /* of 255; a and b of 8 bits have steps of 1 */
    } labs[] = {{VIPS_INTERPRETATION_LABQ, 6}, {VIPS_INTERPRETATION_LABS, 1}};
    g_autoptr(GObject) image = G_OBJECT(stills_make(SIDE, SIDE, 3, false, greenish));
    for (unsigned i = 0; i < G_N_ELEMENTS(labs); i++) {
        struct failure failure = {0};
        VipsImage *lab = NULL;
        g_auto(facts_ptr) facts = facts_create();
        g_assert_cmpint(vips_colourspace(VIPS_IMAGE(image), &lab, labs[i].type, NULL), ==, 0);
        const int in = stills_file(lab, "tiff");
        g_assert_true(media_probe_still(in, facts, &failure));
        g_assert_cmpint(facts->bands, ==, 3);
        g_assert_cmpint(facts->bit_depth, ==, i ? 16 : 8);
        g_assert_false(facts->alpha);
        g_auto(still_ptr) still = stills_open(in);
        g_assert_false(still_shape(still).alpha);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        VipsImage *eight = NULL;
        g_assert_cmpint(vips_colourspace(VIPS_IMAGE(out), &eight, VIPS_INTERPRETATION_sRGB, NULL),
                        ==, 0);
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(image), eight), <=, labs[i].off);
        g_object_unref(eight);
        g_object_unref(lab);
        close(in);
    }
}

/* A TIFF of CIELAB that says it is ICCLab (PhotometricInterpretation 9), whose a and b are others.
 */
static void test_icc_lab_is_refused(void)
{
    static const guint8 lab[] = {6, 1, 3, 0, 1, 0, 0, 0, 8}; /* tag 262 of libtiff's entries */
    guint8 file[4096];
    struct failure failure = {0};
    g_auto(facts_ptr) facts = facts_create();
    g_autoptr(GObject) rgb = G_OBJECT(stills_make(16, 16, 3, false, colors));
    VipsImage *image = NULL;
    g_assert_cmpint(vips_colourspace(VIPS_IMAGE(rgb), &image, VIPS_INTERPRETATION_LABQ, NULL), ==,
                    0);
    int fd = stills_file(image, "tiff");
    const gssize length = pread(fd, file, sizeof file, 0);
    const guint8 *found = memmem(file, (gsize)length, lab, sizeof lab);
    g_assert_nonnull(found);
    g_assert_cmpint(pwrite(fd, &(guint8){9}, 1, found - file + 8), ==, 1);
    g_assert_null(still_open(fd, &(struct still_opts){.threads = 1}, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_UNSUPPORTED);
    failure_clear(&failure);
    g_assert_false(media_probe_still(fd, facts, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_UNSUPPORTED);
    failure_clear(&failure);
    g_object_unref(image);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/icc-lab-is-refused", test_icc_lab_is_refused);
    g_test_add_func("/stills/profiles-come-to-srgb", test_profiles_come_to_srgb);
    g_test_add_func("/stills/pictures-are-written-in-the-profile-that-is-asked-for",
                    test_pictures_are_written_in_the_profile_that_is_asked_for);
    g_test_add_func("/stills/float-has-more-colours-than-srgb",
                    test_float_has_more_colours_than_srgb);
    g_test_add_func("/stills/bright-floats-are-cut-off-and-keep-their-hue",
                    test_bright_floats_are_cut_off_and_keep_their_hue);
    g_test_add_func("/stills/bright-floats-keep-their-hue-in-other-profiles",
                    test_bright_floats_keep_their_hue_in_other_profiles);
    g_test_add_func("/stills/linear-light-is-known-by-its-profile-of-any-name",
                    test_linear_light_is_known_by_its_profile_of_any_name);
    g_test_add_func("/stills/floats-that-stay-floats-stay-as-they-are",
                    test_floats_that_stay_floats_stay_as_they_are);
    g_test_add_func("/stills/floats-with-a-profile-are-what-it-says",
                    test_floats_with_a_profile_are_what_it_says);
    g_test_add_func("/stills/alpha-stays-as-it-is", test_alpha_stays_as_it_is);
    g_test_add_func("/stills/kept-profiles-are-embedded-whatever-tags-are",
                    test_kept_profiles_are_embedded_whatever_tags_are);
    g_test_add_func("/stills/png-holds-profiles-that-libpng-finds-fault-with",
                    test_png_holds_profiles_that_libpng_finds_fault_with);
    g_test_add_func("/stills/what-a-format-cannot-hold-is-refused",
                    test_what_a_format_cannot_hold_is_refused);
    g_test_add_func("/stills/cmyk-of-a-transparent-picture-is-on-white-paper",
                    test_cmyk_of_a_transparent_picture_is_on_white_paper);
    g_test_add_func("/stills/lab-has-no-alpha-and-comes-to-srgb",
                    test_lab_has_no_alpha_and_comes_to_srgb);
    return g_test_run();
}
