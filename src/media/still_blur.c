/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian blur of stills. */
#include "gaussian.h"
#include "still_private.h"

int image_blur(VipsImage *in, VipsImage **out, double sigma)
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
