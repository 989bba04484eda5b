/* SPDX-License-Identifier: GPL-3.0-or-later
 * Unsharp masking of stills. */
#include "media/chain_picture.h"

#include "private.h"

/* One band of float, 0 to 1. */
static int luma_of(VipsImage *in, VipsImage **out)
{
    double weights[3], red, blue;
    g_autoptr(VipsImage) colors = NULL, mixed = NULL, matrix = NULL;
    if (in->Bands < 3) {
        if (vips_extract_band(in, &mixed, 0, NULL))
            return -1;
    } else {
        matrix_luma("bt709", &red, &blue);
        weights[0] = red;
        weights[1] = 1 - red - blue;
        weights[2] = blue;
        matrix = vips_image_new_matrix_from_array(3, 1, weights, 3);
        if (!matrix || vips_extract_band(in, &colors, 0, "n", 3, NULL) ||
            vips_recomb(colors, &mixed, matrix, NULL))
            return -1;
    }
    return vips_linear1(mixed, out, 1 / image_white(in), 0, NULL);
}

static int detail_of(VipsImage *luma, VipsImage **out, const struct unsharp *unsharp)
{
    g_autoptr(VipsImage) blurred = NULL;
    return image_blur(luma, &blurred, unsharp->radius) ? -1
                                                       : vips_subtract(luma, blurred, out, NULL);
}

/* Less the threshold, never past zero: sign(d) * max(|d| - t, 0). */
static int shrink(VipsImage *detail, VipsImage **out, double threshold)
{
    g_autoptr(VipsImage) size = NULL, rest = NULL, positive = NULL, twice = NULL, most = NULL,
                         sign = NULL;
    if (threshold <= 0)
        return vips_copy(detail, out, NULL);
    return vips_abs(detail, &size, NULL) || vips_linear1(size, &rest, 1, -threshold, NULL) ||
                   vips_abs(rest, &positive, NULL) || vips_add(rest, positive, &twice, NULL) ||
                   vips_linear1(twice, &most, 0.5, 0, NULL) || vips_sign(detail, &sign, NULL) ||
                   vips_multiply(sign, most, out, NULL)
               ? -1
               : 0;
}

static int sharpen(VipsImage *in, VipsImage **out, const void *args)
{
    const struct unsharp *unsharp = args;
    g_autoptr(VipsImage) luma = NULL, detail = NULL, less = NULL, wide = NULL, sum = NULL;
    const int colors = in->Bands < 3 ? 1 : 3;
    double factors[4] = {0}, zeros[4] = {0};
    for (int b = 0; b < colors; b++)
        factors[b] = unsharp->amount * image_white(in);
    return luma_of(in, &luma) || detail_of(luma, &detail, unsharp) ||
                   shrink(detail, &less, unsharp->threshold) ||
                   vips_linear(less, &wide, factors, zeros, in->Bands, NULL) ||
                   vips_add(in, wide, &sum, NULL)
               ? -1
               : image_like(sum, out, in);
}

bool still_sharpen(struct still *still, struct failure *failure, const struct unsharp *unsharp)
{
    return still_each(still, failure, "the picture can't be sharpened", sharpen, unsharp);
}
