/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills to planes of luma. */
#include "ssim.h"

#include "likeness.h"

/* 0 to 255, float. */
static int luma(VipsImage *in, VipsImage **out)
{
    static const double weights[] = {0.299, 0.587, 0.114};
    const double scale = 255 / image_white(in);
    double factors[4] = {scale, scale, scale, scale}, zeros[4] = {0};
    const bool rgb = in->Bands >= 3 && in->Type != VIPS_INTERPRETATION_CMYK;
    g_autoptr(VipsArrayDouble) white = vips_array_double_newv(1, image_white(in));
    g_autoptr(VipsImage) flat = NULL;
    g_autoptr(VipsImage) scaled = NULL;
    for (int i = 0; rgb && i < 3; i++)
        factors[i] *= 3 * weights[i];
    if (vips_image_hasalpha(in)
            ? vips_flatten(in, &flat, "background", white, "max_alpha", image_white(in), NULL)
            : vips_copy(in, &flat, NULL))
        return -1;
    return vips_linear(flat, &scaled, factors, zeros, flat->Bands, NULL) ||
                   vips_bandmean(scaled, out, NULL)
               ? -1
               : 0;
}

/* In memory, as a plane of floats; caller frees. NULL with libvips' error set. */
static float *luma_plane(VipsImage *image)
{
    g_autoptr(VipsImage) floats = NULL;
    g_autoptr(VipsImage) grey = NULL;
    size_t size;
    if (luma(image, &grey) || vips_cast_float(grey, &floats, NULL))
        return NULL;
    return vips_image_write_to_memory(floats, &size);
}

int image_ssim(VipsImage *a, VipsImage *b, double *ssim)
{
    float *luma_a = luma_plane(a), *luma_b = luma_plane(b);
    const struct likeness_planes planes = {luma_a, luma_b, a->Xsize, a->Ysize, 255};
    if (luma_a && luma_b)
        *ssim = likeness_ssim(&planes, NULL);
    g_free(luma_a);
    g_free(luma_b);
    return luma_a && luma_b ? 0 : -1;
}
