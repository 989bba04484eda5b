/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures on pictures: straight alpha, source over, in the base's own depth and colours. Pixels
 * outside the layer stay as they are. */
#include "media/still_file.h"

#include "private.h"

#include <math.h>

struct blend {
    VipsImage *layer; /* float RGBA in memory */
    float opacity;
    int x, y;
};

struct put {
    VipsImage *image;
    double white;
};

static double sample(const struct put *put, const void *line, int i)
{
    if (put->white == 255)
        return ((const guint8 *)line)[i] / 255.0;
    if (put->white == 65535)
        return ((const guint16 *)line)[i] / 65535.0;
    return ((const float *)line)[i];
}

static void store(const struct put *put, void *line, int i, double value)
{
    if (put->white == 1)
        ((float *)line)[i] = (float)value;
    else if (put->white == 255)
        ((guint8 *)line)[i] = (guint8)lrint(CLAMP(value, 0, 1) * 255);
    else
        ((guint16 *)line)[i] = (guint16)lrint(CLAMP(value, 0, 1) * 65535);
}

static void over(const struct put *put, void *line, int x, const float *top, double opacity)
{
    int bands = put->image->Bands;
    double alpha = top[3] * opacity;
    if (alpha <= 0)
        return;
    double below = bands > 3 ? sample(put, line, x * bands + 3) : 1;
    double all = alpha + below * (1 - alpha);
    for (int b = 0; b < 3; b++) {
        double under = sample(put, line, x * bands + b);
        store(put, line, x * bands + b, (top[b] * alpha + under * below * (1 - alpha)) / all);
    }
    if (bands > 3)
        store(put, line, x * bands + 3, all);
}

static int generate(VipsRegion *out, void *sequence, void *a, void *b, gboolean *stop)
{
    VipsRegion *in = sequence;
    const struct blend *blend = b;
    const VipsRect *r = &out->valid;
    if (vips_region_prepare(in, r))
        return -1;
    vips_region_copy(in, out, r, r->left, r->top);
    VipsRect place = {blend->x, blend->y, blend->layer->Xsize, blend->layer->Ysize};
    VipsRect both;
    vips_rect_intersectrect(r, &place, &both);
    const struct put put = {in->im, image_white(in->im)};
    for (int y = both.top; y < both.top + both.height; y++) {
        void *line = VIPS_REGION_ADDR(out, both.left, y);
        const float *top =
            (const float *)VIPS_IMAGE_ADDR(blend->layer, both.left - blend->x, y - blend->y);
        for (int x = 0; x < both.width; x++)
            over(&put, line, x, top + 4 * x, blend->opacity);
    }
    return 0;
}

struct layer {
    VipsImage *picture; /* RGB16 with alpha */
    double opacity;
    int x, y;
};

static int lay(VipsImage *in, VipsImage **out, const void *args)
{
    const struct layer *layer = args;
    VipsImage *wide = NULL;
    VipsImage *matched = NULL;
    if (image_to_rgb(in, &wide))
        return -1;
    g_autoptr(VipsImage) image = vips_image_new();
    vips_object_local(image, wide);
    if (layer_match(layer->picture, &matched, wide))
        return -1;
    vips_object_local(image, matched);
    struct blend *blend = VIPS_NEW(image, struct blend);
    *blend = (struct blend){matched, (float)layer->opacity, layer->x, layer->y};
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, wide, NULL) ||
        vips_image_generate(image, vips_start_one, generate, vips_stop_one, wide, blend))
        return -1;
    *out = g_steal_pointer(&image);
    return 0;
}

bool still_blend(struct still *still, struct failure *failure, const char *what, VipsImage *picture,
                 double opacity, int x, int y)
{
    const struct layer layer = {picture, CLAMP(opacity, 0, 1), x, y};
    return still_each(still, failure, what, lay, &layer);
}

static int to_layer(VipsImage *in, VipsImage **out, const void *args)
{
    g_autoptr(VipsImage) deep = NULL;
    g_autoptr(VipsImage) wide = NULL;
    if (image_to_depth(in, &deep, 16) || image_to_rgb(deep, &wide))
        return -1;
    return vips_image_hasalpha(wide) ? vips_copy(wide, out, NULL) : vips_addalpha(wide, out, NULL);
}

bool still_overlay(struct still *still, struct failure *failure, int fd, int width, double opacity,
                   int x, int y)
{
    struct failure why = {0};
    g_auto(still_ptr) picture =
        still_open(fd, &(struct still_opts){.threads = vips_concurrency_get()}, &why);
    bool fine = picture && still_to_srgb(picture, &why);
    if (fine && width > 0) {
        struct still_shape shape = still_shape(picture);
        int height = MAX(1, (int)lround((double)shape.height * width / shape.width));
        fine = still_resize(picture, &why, width, height, "lanczos", false);
    }
    fine = fine && still_each(picture, &why, "its pixels can't be converted", to_layer, NULL) &&
           still_settle(picture, &why);
    if (!fine)
        fail(failure, FAIL_CONFIG, "the picture to lay over can't be used: %s", why.message);
    failure_clear(&why);
    return fine && still_blend(still, failure, "the overlay can't be laid", still_first(picture),
                               opacity, x, y);
}
