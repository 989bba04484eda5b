/* SPDX-License-Identifier: GPL-3.0-or-later
 * Place of stills: cut, turned, on a canvas. */
#include "media/still.h"

#include "private.h"

#include <math.h>

static int crop(VipsImage *in, VipsImage **out, const void *args)
{
    const VipsRect *box = args;
    return vips_crop(in, out, box->left, box->top, box->width, box->height, NULL);
}

bool still_crop(struct still *still, struct failure *failure, int x, int y, int width, int height)
{
    struct still_shape shape = still_shape(still);
    if (x < 0 || y < 0 || width < 1 || height < 1 || width > shape.width - x ||
        height > shape.height - y)
        return fail(failure, FAIL_CONFIG, "a box of %d x %d at %d, %d isn't inside %d x %d", width,
                    height, x, y, shape.width, shape.height);
    const VipsRect box = {x, y, width, height};
    return still_each(still, failure, "the picture can't be cropped", crop, &box);
}

bool still_look(const struct still *still, struct failure *failure, int width, int height,
                bool detail, int *x, int *y)
{
    g_autoptr(VipsImage) box = NULL;
    if (vips_smartcrop(still_first(still), &box, width, height, "interesting",
                       detail ? VIPS_INTERESTING_ENTROPY : VIPS_INTERESTING_ATTENTION, NULL))
        return fail_vips(failure, FAIL_INTERNAL, "the picture can't be looked at");
    *x = -box->Xoffset;
    *y = -box->Yoffset;
    return true;
}

struct turn {
    VipsAngle angle;
    bool hflip, vflip;
};

static int rotate(VipsImage *in, VipsImage **out, const void *args)
{
    const struct turn *turn = args;
    g_autoptr(VipsImage) turned = NULL;
    g_autoptr(VipsImage) mirrored = NULL;
    if (vips_rot(in, &turned, turn->angle, NULL))
        return -1;
    if (turn->hflip ? vips_flip(turned, &mirrored, VIPS_DIRECTION_HORIZONTAL, NULL)
                    : vips_copy(turned, &mirrored, NULL))
        return -1;
    return turn->vflip ? vips_flip(mirrored, out, VIPS_DIRECTION_VERTICAL, NULL)
                       : vips_copy(mirrored, out, NULL);
}

bool still_rotate(struct still *still, struct failure *failure, int degrees, bool hflip, bool vflip)
{
    if (degrees < 0 || degrees > 270 || degrees % 90)
        return fail(failure, FAIL_CONFIG, "stills turn by 0, 90, 180 or 270 degrees, not %d",
                    degrees);
    const struct turn turn = {VIPS_ANGLE_D0 + degrees / 90, hflip, vflip};
    return still_each(still, failure, "the picture can't be turned", rotate, &turn);
}

struct canvas {
    int x, y, width, height;
    struct rgba color;
};

/* The colour as one pixel in the format and colours of `like`, four or three bands. */
static int color_pixel(struct rgba color, VipsImage *like, double out[4])
{
    g_autoptr(VipsImage) pixel = vips_image_new_from_memory_copy(
        (guint16[]){color.r * 257, color.g * 257, color.b * 257, color.a * 257}, 8, 1, 1, 4,
        VIPS_FORMAT_USHORT);
    g_autoptr(VipsImage) typed = NULL;
    g_autoptr(VipsImage) matched = NULL;
    if (!pixel || vips_copy(pixel, &typed, "interpretation", VIPS_INTERPRETATION_RGB16, NULL) ||
        layer_match(typed, &matched, like))
        return -1;
    const float *values = (const float *)VIPS_IMAGE_ADDR(matched, 0, 0);
    int depth = image_depth(like);
    for (int i = 0; i < 4; i++)
        out[i] = depth == 32 ? values[i] : rint(values[i] * image_white(like));
    return 0;
}

/* The colour as so many bands of the picture's, three or four, or grey with or without alpha. */
static VipsArrayDouble *color_of(struct rgba color, VipsImage *like, int bands)
{
    double pixel[4];
    if (color_pixel(color, like, pixel))
        return NULL;
    if (bands < 3)
        pixel[1] = pixel[3];
    return vips_array_double_new(pixel, bands);
}

/* A grey picture stays one beside grey. */
static int to_hold(struct rgba color, VipsImage *in, VipsImage **out)
{
    const bool grey = in->Bands < 3 && color.r == color.g && color.g == color.b;
    return grey ? vips_copy(in, out, NULL) : image_to_rgb(in, out);
}

static int pad(VipsImage *in, VipsImage **out, const void *args)
{
    const struct canvas *canvas = args;
    g_autoptr(VipsImage) wide = NULL;
    g_autoptr(VipsImage) clear = NULL;
    g_autoptr(VipsImage) padded = NULL;
    if (to_hold(canvas->color, in, &wide))
        return -1;
    if (canvas->color.a < 255 && !vips_image_hasalpha(wide) ? vips_addalpha(wide, &clear, NULL)
                                                            : vips_copy(wide, &clear, NULL))
        return -1;
    g_autoptr(VipsArrayDouble) array = color_of(canvas->color, clear, clear->Bands);
    if (!array || vips_embed(clear, &padded, canvas->x, canvas->y, canvas->width, canvas->height,
                             "extend", VIPS_EXTEND_BACKGROUND, "background", array, NULL))
        return -1;
    return image_like(padded, out, clear);
}

bool still_pad(struct still *still, struct failure *failure, int width, int height, int x, int y,
               struct rgba color)
{
    struct still_shape shape = still_shape(still);
    if (x < 0 || y < 0 || shape.width > width - x || shape.height > height - y)
        return fail(failure, FAIL_CONFIG, "%d x %d at %d, %d isn't inside a canvas of %d x %d",
                    shape.width, shape.height, x, y, width, height);
    const struct canvas canvas = {x, y, width, height, color};
    return still_each(still, failure, "the canvas can't be made", pad, &canvas);
}

static int flatten(VipsImage *in, VipsImage **out, const void *args)
{
    const struct rgba *color = args;
    g_autoptr(VipsImage) wide = NULL;
    g_autoptr(VipsImage) flat = NULL;
    if (!vips_image_hasalpha(in))
        return vips_copy(in, out, NULL);
    if (to_hold(*color, in, &wide))
        return -1;
    g_autoptr(VipsArrayDouble) array = color_of(*color, wide, wide->Bands - 1);
    if (!array ||
        vips_flatten(wide, &flat, "background", array, "max_alpha", image_white(in), NULL))
        return -1;
    return image_like(flat, out, wide);
}

bool still_flatten(struct still *still, struct failure *failure, struct rgba color)
{
    return still_each(still, failure, "transparency can't be removed", flatten, &color);
}
