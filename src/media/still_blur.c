/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian blur of stills. */
#include "gaussian.h"
#include "still_private.h"

#include <math.h>

enum { CELLS_A_SIGMA = 8 };

static int exact(VipsImage *in, VipsImage **out, double sigma)
{
    struct gaussian gaussian = gaussian_create(sigma);
    const int count = 2 * gaussian.reach + 1;
    g_autofree double *taps = g_new(double, (gsize)count);
    for (int i = 0; i < count; i++)
        taps[i] = gaussian.taps[i];
    gaussian_finish(&gaussian);
    g_autoptr(VipsImage) mask = vips_image_new_matrix_from_array(count, 1, taps, count);
    return mask ? vips_convsep(in, out, mask, "precision", VIPS_PRECISION_FLOAT, NULL) : -1;
}

/* Burt's filter, of variance 1, and every second pixel. */
static int halve(VipsImage *in, VipsImage **out)
{
    static const double taps[] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};
    g_autoptr(VipsImage) mask = vips_image_new_matrix_from_array(5, 1, taps, 5), soft = NULL;
    return !mask || vips_convsep(in, &soft, mask, "precision", VIPS_PRECISION_FLOAT, NULL) ||
                   vips_subsample(soft, out, 2, 2, NULL)
               ? -1
               : 0;
}

static int reduce(VipsImage *in, VipsImage **out, int times)
{
    g_autoptr(VipsImage) small = g_object_ref(in);
    for (; times > 1; times /= 2) {
        VipsImage *next = NULL;
        if (halve(small, &next))
            return -1;
        g_object_unref(small);
        small = next;
    }
    *out = g_steal_pointer(&small);
    return 0;
}

/* Pixel i of the small one is at pixel times * i. */
static int enlarge(VipsImage *in, VipsImage **out, int times)
{
    VipsInterpolate *cubic = vips_interpolate_new("bicubic");
    const int status = cubic ? vips_affine(in, out, times, 0, 0, times, "interpolate", cubic,
                                           "extend", VIPS_EXTEND_COPY, NULL)
                             : -1;
    g_clear_object(&cubic);
    return status;
}

/* Halving has blurred by (times^2 - 1) / 3 already; variances add up. */
static int by_reduced(VipsImage *in, VipsImage **out, double sigma, int times)
{
    const int edge = ((int)ceil(3 * sigma) / times + 4) * times;
    const double left = sqrt(sigma * sigma - (times * times - 1) / 3.0) / times;
    g_autoptr(VipsImage) wide = NULL, small = NULL, soft = NULL, memory = NULL, large = NULL;
    return vips_embed(in, &wide, edge, edge, in->Xsize + 2 * edge + times,
                      in->Ysize + 2 * edge + times, "extend", VIPS_EXTEND_COPY, NULL) ||
                   reduce(wide, &small, times) || exact(small, &soft, left) ||
                   !(memory = vips_image_copy_memory(soft)) || enlarge(memory, &large, times) ||
                   vips_extract_area(large, out, edge, edge, in->Xsize, in->Ysize, NULL)
               ? -1
               : 0;
}

int image_blur(VipsImage *in, VipsImage **out, double sigma)
{
    int times = 1;
    while (sigma / (2 * times) >= CELLS_A_SIGMA)
        times *= 2;
    return times > 1 ? by_reduced(in, out, sigma, times) : exact(in, out, sigma);
}

static int blur(VipsImage *in, VipsImage **out, const void *args)
{
    const double sigma = *(const double *)args, white = image_white(in);
    g_autoptr(VipsImage) mixed = NULL, soft = NULL, straight = NULL;
    if (!vips_image_hasalpha(in))
        return image_blur(in, &soft, sigma) ? -1 : image_like(soft, out, in);
    if (vips_premultiply(in, &mixed, "max_alpha", white, NULL) || image_blur(mixed, &soft, sigma) ||
        vips_unpremultiply(soft, &straight, "max_alpha", white, NULL))
        return -1;
    return image_like(straight, out, in);
}

bool still_blur(struct still *still, struct failure *failure, double sigma_px)
{
    return still_each(still, failure, "the picture can't be blurred", blur, &sigma_px);
}
