/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still before itself, enlarged and blurred. */
#include "media/still.h"

#include "private.h"

#include <math.h>

struct backdrop {
    int width, height, x, y;
    double sigma_px;
};

/* Covers the canvas, its middle in the middle. */
static int cover(VipsImage *in, VipsImage **out, const struct backdrop *to)
{
    g_autoptr(VipsImage) large = NULL;
    const double scale = fmax((double)to->width / in->Xsize, (double)to->height / in->Ysize);
    if (vips_resize(in, &large, scale, "kernel", VIPS_KERNEL_LINEAR, NULL))
        return -1;
    return vips_gravity(large, out, VIPS_COMPASS_DIRECTION_CENTRE, to->width, to->height, "extend",
                        VIPS_EXTEND_COPY, NULL);
}

static int soften(VipsImage *in, VipsImage **out, const struct backdrop *to)
{
    g_autoptr(VipsImage) large = NULL;
    return cover(in, &large, to) || image_blur(large, out, to->sigma_px) ? -1 : 0;
}

/* Transparent pixels have no colour to blur. */
static int behind(VipsImage *in, VipsImage **out, const struct backdrop *to)
{
    g_autoptr(VipsImage) mixed = NULL, soft = NULL, straight = NULL;
    const double white = image_white(in);
    if (!vips_image_hasalpha(in))
        return soften(in, &soft, to) ? -1 : image_like(soft, out, in);
    if (vips_premultiply(in, &mixed, "max_alpha", white, NULL) || soften(mixed, &soft, to) ||
        vips_unpremultiply(soft, &straight, "max_alpha", white, NULL))
        return -1;
    return image_like(straight, out, in);
}

static int backdrop(VipsImage *in, VipsImage **out, const void *args)
{
    const struct backdrop *to = args;
    g_autoptr(VipsImage) soft = NULL, both = NULL;
    if (behind(in, &soft, to) || vips_insert(soft, in, &both, to->x, to->y, NULL))
        return -1;
    return image_like(both, out, in);
}

bool still_backdrop(struct still *still, struct failure *failure, int width, int height, int x,
                    int y, double blur)
{
    const struct backdrop to = {width, height, x, y, fmax(blur * MIN(width, height), 0.5)};
    return still_each(still, failure, "the picture can't be put before itself", backdrop, &to);
}
