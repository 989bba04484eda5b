/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures made for tests of stills. */
#include "stills_support.h"

#include <sys/mman.h>
#include <unistd.h>

static VipsImage *typed(VipsImage *raw, bool deep)
{
    static const VipsInterpretation types[2][2] = {
        {VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_B_W},
        {VIPS_INTERPRETATION_RGB16, VIPS_INTERPRETATION_GREY16}};
    VipsImage *image = NULL;
    int failed = vips_copy(raw, &image, "interpretation", types[deep][raw->Bands < 3], NULL);
    g_assert_cmpint(failed, ==, 0);
    g_object_unref(raw);
    return image;
}

VipsImage *stills_make(int width, int height, int bands, bool deep, stills_paint *paint)
{
    size_t count = (size_t)width * height * bands, at = 0;
    g_autofree guint8 *bytes = g_malloc(count);
    g_autofree guint16 *shorts = g_new(guint16, count);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double values[4] = {0};
            paint(x, y, values);
            for (int b = 0; b < bands; b++, at++) {
                if (deep)
                    shorts[at] = (guint16)(int)values[b];
                else
                    bytes[at] = (guint8)(int)values[b];
            }
        }
    const void *pixels = deep ? (const void *)shorts : bytes;
    return typed(vips_image_new_from_memory_copy(pixels, count * (deep ? 2 : 1), width, height,
                                                 bands,
                                                 deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR),
                 deep);
}

int stills_blank(void)
{
    int fd = memfd_create("still", 0);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

int stills_file(VipsImage *image, const char *format)
{
    int fd = stills_blank();
    void *data = NULL;
    size_t length = 0;
    g_autofree char *suffix = g_strconcat(".", format, NULL);
    g_assert_cmpint(vips_image_write_to_buffer(image, suffix, &data, &length, NULL), ==, 0);
    g_assert_cmpint(write(fd, data, length), ==, (gssize)length);
    g_free(data);
    return fd;
}

struct still *stills_open(int fd)
{
    struct failure failure = {0};
    struct still *still = still_open(fd, &(struct still_opts){.threads = 1}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return still;
}

VipsImage *stills_read(int fd)
{
    lseek(fd, 0, SEEK_SET);
    VipsSource *source = vips_source_new_from_descriptor(fd);
    VipsImage *image = vips_image_new_from_source(source, "", NULL);
    g_assert_nonnull(image);
    g_object_unref(source);
    return image;
}

VipsImage *stills_written(struct still *still, const char *format,
                          const struct encode_image *encode)
{
    static const struct encode_image plain = {.effort = -1};
    struct failure failure = {0};
    struct claim claim = {0};
    int fd = stills_blank();
    still_write(still, format, encode ? encode : &plain, fd, &claim, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    VipsImage *image = stills_read(fd);
    g_assert_cmpint(image->Xsize, ==, claim.width);
    g_assert_cmpint(image->Ysize, ==, claim.height);
    claim_clear(&claim);
    close(fd);
    return image;
}

double stills_value(VipsImage *image, int x, int y, int band)
{
    double *values = NULL;
    int count = 0;
    g_assert_cmpint(vips_getpoint(image, &values, &count, x, y, NULL), ==, 0);
    g_assert_cmpint(band, <, count);
    double value = values[band];
    g_free(values);
    return value;
}

double stills_difference(VipsImage *a, VipsImage *b)
{
    VipsImage *difference = NULL, *positive = NULL;
    double max = 0;
    g_assert_cmpint(a->Bands, ==, b->Bands);
    g_assert_cmpint(vips_subtract(a, b, &difference, NULL), ==, 0);
    g_assert_cmpint(vips_abs(difference, &positive, NULL), ==, 0);
    g_assert_cmpint(vips_max(positive, &max, NULL), ==, 0);
    g_object_unref(difference);
    g_object_unref(positive);
    return max;
}
