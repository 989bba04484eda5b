/* SPDX-License-Identifier: GPL-3.0-or-later
 * Still samples, through libvips, and looks. */
#include "make.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>

/* The scene as 16-bit RGB; `turned` as a camera held upright writes it with orientation 6. */
static VipsImage *scene_image(int width, int height, bool turned)
{
    size_t count = (size_t)width * (size_t)height * 3;
    uint16_t *pixels = malloc(count * sizeof *pixels);
    for (int y = 0; pixels && y < height; y++)
        for (int x = 0; x < width; x++) {
            double across = (x + 0.5) / width, down = (y + 0.5) / height, rgb[3];
            if (turned)
                scene_rgb(1 - down, across, (double)height / width, 1, rgb);
            else
                scene_rgb(across, down, (double)width / height, 1, rgb);
            for (int c = 0; c < 3; c++)
                pixels[((size_t)y * (size_t)width + (size_t)x) * 3 + (size_t)c] =
                    (uint16_t)lround(rgb[c] * 65535);
        }
    VipsImage *image = pixels
                           ? vips_image_new_from_memory_copy(pixels, count * sizeof *pixels, width,
                                                             height, 3, VIPS_FORMAT_USHORT)
                           : NULL;
    free(pixels);
    if (!image)
        stop("picture", vips_error_buffer());
    image->Type = VIPS_INTERPRETATION_RGB16;
    return image;
}

static VipsImage *to_8_bits(VipsImage *image)
{
    VipsImage *out;
    if (vips_colourspace(image, &out, VIPS_INTERPRETATION_sRGB, NULL) != 0)
        stop("picture", vips_error_buffer());
    g_object_unref(image);
    return out;
}

static void attach_profile(VipsImage *image, const char *name)
{
    VipsBlob *profile;
    if (vips_profile_load(name, &profile, NULL) != 0 || !profile)
        stop(name, vips_error_buffer());
    size_t length;
    const void *data = vips_blob_get(profile, &length);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, length);
    vips_area_unref(VIPS_AREA(profile));
}

void make_photo(const char *path, int width, int height, int orientation, const char *profile)
{
    VipsImage *image = to_8_bits(scene_image(width, height, orientation == 6));
    attach_profile(image, profile);
    vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    vips_image_set_string(image, "exif-ifd0-Make", "Sample (Sample, ASCII, 7 components, 7 bytes)");
    vips_image_set_string(image, "exif-ifd0-Copyright",
                          "nobody's (nobody's, ASCII, 9 components, 9 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude",
                          "59/1 19/1 0/1 (59, 19, 0, Rational, 3 components, 24 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N (N, ASCII, 2 components, 2 bytes)");
    if (vips_jpegsave(image, path, "Q", 85, NULL) != 0)
        stop(path, vips_error_buffer());
    g_object_unref(image);
}

void make_scan(const char *path, int width, int height)
{
    VipsImage *image = scene_image(width, height, false);
    if (vips_tiffsave(image, path, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE,
                      "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL) != 0)
        stop(path, vips_error_buffer());
    g_object_unref(image);
}

/* A white ring with soft edges on nothing. */
void make_watermark(const char *path, int width, int height)
{
    size_t count = (size_t)width * (size_t)height * 4;
    uint8_t *pixels = malloc(count);
    for (int y = 0; pixels && y < height; y++)
        for (int x = 0; x < width; x++) {
            double across = fmod((double)x, height) - height / 2.0, down = y - height / 2.0;
            double from_ring = fabs(hypot(across, down) - 0.32 * height) - 0.06 * height;
            uint8_t *p = pixels + ((size_t)y * (size_t)width + (size_t)x) * 4;
            p[0] = p[1] = p[2] = 255;
            p[3] = (uint8_t)lround(255 * fmin(fmax(0.5 - from_ring / 3, 0), 1));
        }
    VipsImage *image =
        pixels ? vips_image_new_from_memory(pixels, count, width, height, 4, VIPS_FORMAT_UCHAR)
               : NULL;
    if (!image)
        stop(path, vips_error_buffer());
    image->Type = VIPS_INTERPRETATION_sRGB;
    if (vips_pngsave(image, path, NULL) != 0)
        stop(path, vips_error_buffer());
    g_object_unref(image);
    free(pixels);
}

static double contrasted(double value, double gain, double contrast)
{
    return fmin(fmax(0.5 + (value * gain - 0.5) * contrast, 0), 1);
}

void make_look(const char *path, double red, double blue, double contrast)
{
    enum { SIZE = 17 };
    FILE *file = fopen(path, "w");
    if (!file)
        stop(path, "can't be written");
    fprintf(file, "TITLE \"sample look\"\nLUT_3D_SIZE %d\n", SIZE);
    for (int b = 0; b < SIZE; b++)
        for (int g = 0; g < SIZE; g++)
            for (int r = 0; r < SIZE; r++)
                fprintf(file, "%.6f %.6f %.6f\n", contrasted(r / (SIZE - 1.0), red, contrast),
                        contrasted(g / (SIZE - 1.0), 1, contrast),
                        contrasted(b / (SIZE - 1.0), blue, contrast));
    if (fclose(file) != 0)
        stop(path, "can't be written");
}
