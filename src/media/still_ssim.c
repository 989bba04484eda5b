/* SPDX-License-Identifier: GPL-3.0-or-later
 * SSIM by libvips' filters. */
#include "still_ssim.h"

/* The window is 11 wide: exp(-5^2 / 2 sigma^2) is 0.0039. */
static const double sigma = 1.5, edge = 0.003;
static const double c1 = (0.01 * 255) * (0.01 * 255), c2 = (0.03 * 255) * (0.03 * 255);

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

static int blur(VipsImage *in, VipsImage **out)
{
    return vips_gaussblur(in, out, sigma, "min_ampl", edge, "precision", VIPS_PRECISION_FLOAT,
                          NULL);
}

/* Means of a product: all of it, and of what is left without the product of the means. */
static int moments(VipsImage *a, VipsImage *b, VipsImage *mean_a, VipsImage *mean_b,
                   VipsImage **means, VipsImage **covariance)
{
    g_autoptr(VipsImage) product = NULL;
    g_autoptr(VipsImage) mean = NULL;
    if (vips_multiply(a, b, &product, NULL) || blur(product, &mean) ||
        vips_multiply(mean_a, mean_b, means, NULL))
        return -1;
    return vips_subtract(mean, *means, covariance, NULL);
}

/* (2 xy + c) / (xx + yy + c) */
static int likeness(VipsImage *xx, VipsImage *yy, VipsImage *xy, double c, VipsImage **out)
{
    g_autoptr(VipsImage) sum = NULL;
    g_autoptr(VipsImage) below = NULL;
    g_autoptr(VipsImage) above = NULL;
    if (vips_add(xx, yy, &sum, NULL) || vips_linear1(sum, &below, 1, c, NULL) ||
        vips_linear1(xy, &above, 2, c, NULL))
        return -1;
    return vips_divide(above, below, out, NULL);
}

static int of_lumas(VipsImage *a, VipsImage *b, double *ssim)
{
    g_autoptr(VipsImage) mean_a = NULL;
    g_autoptr(VipsImage) mean_b = NULL;
    g_autoptr(VipsImage) maa = NULL;
    g_autoptr(VipsImage) mbb = NULL;
    g_autoptr(VipsImage) mab = NULL;
    g_autoptr(VipsImage) vaa = NULL;
    g_autoptr(VipsImage) vbb = NULL;
    g_autoptr(VipsImage) vab = NULL;
    g_autoptr(VipsImage) light = NULL;
    g_autoptr(VipsImage) structure = NULL;
    g_autoptr(VipsImage) map = NULL;
    if (blur(a, &mean_a) || blur(b, &mean_b) || moments(a, a, mean_a, mean_a, &maa, &vaa) ||
        moments(b, b, mean_b, mean_b, &mbb, &vbb) || moments(a, b, mean_a, mean_b, &mab, &vab) ||
        likeness(maa, mbb, mab, c1, &light) || likeness(vaa, vbb, vab, c2, &structure) ||
        vips_multiply(light, structure, &map, NULL))
        return -1;
    return vips_avg(map, ssim, NULL);
}

int image_ssim(VipsImage *a, VipsImage *b, double *ssim)
{
    g_autoptr(VipsImage) luma_a = NULL;
    g_autoptr(VipsImage) luma_b = NULL;
    g_autoptr(VipsImage) memory_a = NULL;
    g_autoptr(VipsImage) memory_b = NULL;
    if (luma(a, &luma_a) || luma(b, &luma_b) || !(memory_a = vips_image_copy_memory(luma_a)) ||
        !(memory_b = vips_image_copy_memory(luma_b)))
        return -1;
    return of_lumas(memory_a, memory_b, ssim);
}
