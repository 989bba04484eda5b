/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian blur of stills. */
#include "../signal/gaussian.h"
#include "../signal/soft.h"
#include "private.h"

#include <math.h>

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

/* One band of a picture in memory. */
struct band {
    VipsImage *image;
    int band;
    struct soft *soft;
};

static void fetch(void *data, int y, float *row)
{
    const struct band *b = data;
    const int step = b->image->Bands, width = b->image->Xsize;
    const void *line = VIPS_IMAGE_ADDR(b->image, 0, y);
    for (int x = 0, i = b->band; x < width; x++, i += step)
        row[x] = b->image->BandFmt == VIPS_FORMAT_UCHAR    ? ((const uint8_t *)line)[i]
                 : b->image->BandFmt == VIPS_FORMAT_USHORT ? ((const uint16_t *)line)[i]
                                                           : ((const float *)line)[i];
}

static void put_rows(void *data, int top, int bottom)
{
    const struct band *b = data;
    const int step = b->image->Bands, width = b->image->Xsize;
    g_autofree float *row = g_new(float, (gsize)width);
    for (int y = top; y < bottom; y++) {
        void *line = VIPS_IMAGE_ADDR(b->image, 0, y);
        soft_row(b->soft, y, row);
        for (int x = 0, i = b->band; x < width; x++, i += step) {
            if (b->image->BandFmt == VIPS_FORMAT_UCHAR)
                ((uint8_t *)line)[i] = (uint8_t)lrintf(CLAMP(row[x], 0, UINT8_MAX));
            else if (b->image->BandFmt == VIPS_FORMAT_USHORT)
                ((uint16_t *)line)[i] = (uint16_t)lrintf(CLAMP(row[x], 0, UINT16_MAX));
            else
                ((float *)line)[i] = row[x];
        }
    }
}

static int by_cells(VipsImage *in, VipsImage **out, double sigma)
{
    g_autoptr(VipsImage) plain = NULL, own = vips_image_new_memory();
    const bool whole = in->BandFmt == VIPS_FORMAT_UCHAR || in->BandFmt == VIPS_FORMAT_USHORT;
    if ((whole ? vips_copy(in, &plain, NULL) : vips_cast_float(in, &plain, NULL)) ||
        vips_image_write(plain, own))
        return -1;
    g_auto(slices_ptr) slices = slices_create(vips_concurrency_get());
    struct band band = {own, 0, soft_create(own->Xsize, own->Ysize, sigma, sigma)};
    for (; band.band < own->Bands; band.band++) {
        soft_take(band.soft, slices, own->Ysize, fetch, &band);
        slices_run(slices, own->Ysize, put_rows, &band);
    }
    soft_destroy(band.soft);
    *out = g_steal_pointer(&own);
    return 0;
}

/* All taps of a small one as the rows are asked for. */
int image_blur(VipsImage *in, VipsImage **out, double sigma)
{
    return soft_is_reduced(sigma) ? by_cells(in, out, sigma) : exact(in, out, sigma);
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
