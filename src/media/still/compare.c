/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still beside what it was made of. */
#include "media/compare.h"
#include "private.h"

/* Larger pictures are looked at half, a third … their size: scopes need no more. */
enum { SIDE_MAX = 2160 };

/* RGB of 16 bits in memory. */
static VipsImage *looked_at(VipsImage *image, struct failure *failure)
{
    const int by = (MAX(image->Xsize, image->Ysize) + SIDE_MAX - 1) / SIDE_MAX;
    g_autoptr(VipsImage) small = NULL;
    g_autoptr(VipsImage) rgb = NULL;
    g_autoptr(VipsImage) deep = NULL;
    VipsImage *memory = NULL;
    if (vips_shrink(image, &small, by, by, NULL) || image_to_rgb(small, &rgb) ||
        image_to_depth(rgb, &deep, 16) || !(memory = vips_image_copy_memory(deep)))
        fail_vips(failure, FAIL_INPUT_DAMAGED, "the picture can't be looked at");
    return memory;
}

/* All planes are one piece of memory, which begins at `r`. */
static struct rgb_rows rows_new(const VipsImage *image)
{
    const gsize count = (gsize)image->Xsize * (gsize)image->Ysize;
    float *values = g_new(float, 3 * count);
    const struct rgb_rows rows = {.r = values,
                                  .g = values + count,
                                  .b = values + 2 * count,
                                  .stride = (size_t)image->Xsize,
                                  .width = image->Xsize,
                                  .height = image->Ysize};
    for (int y = 0; y < image->Ysize; y++) {
        const guint16 *line = (const guint16 *)VIPS_IMAGE_ADDR(image, 0, y);
        for (int x = 0; x < image->Xsize; x++)
            for (int c = 0; c < 3; c++)
                values[(gsize)c * count + (gsize)y * rows.stride + (gsize)x] =
                    line[x * image->Bands + c] / 65535.0f;
    }
    return rows;
}

static bool take(const struct compare_maker *maker, VipsImage *before, VipsImage *after,
                 struct failure *failure)
{
    g_autoptr(VipsImage) from = looked_at(before, failure);
    g_autoptr(VipsImage) to = from ? looked_at(after, failure) : NULL;
    if (!to)
        return false;
    const struct rgb_rows before_rows = rows_new(from), after_rows = rows_new(to);
    const struct compare_pair pair = {0, &before_rows, &after_rows};
    const bool taken = maker->take(maker->state, &pair, failure);
    g_free(before_rows.r);
    g_free(after_rows.r);
    return taken;
}

/* In the colours of `like`. */
static VipsImage *drawn(const struct compare_maker *maker, VipsImage *like, struct failure *failure)
{
    const gsize stride = 3 * (gsize)maker->width, size = stride * (gsize)maker->height;
    g_autofree guint8 *pixels = g_malloc(size);
    const void *profile;
    gsize length;
    if (!maker->draw(maker->state, pixels, stride, failure))
        return NULL;
    g_autoptr(VipsImage) raw = vips_image_new_from_memory_copy(pixels, size, maker->width,
                                                               maker->height, 3, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    if (!raw || vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL)) {
        fail_vips(failure, FAIL_MEMORY, "the picture can't be drawn");
        return NULL;
    }
    if (image_depth(like) < 32 && vips_image_get_typeof(like, VIPS_META_ICC_NAME) &&
        like->Bands >= 3 && !vips_image_get_blob(like, VIPS_META_ICC_NAME, &profile, &length))
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, length);
    return image;
}

bool still_compare(struct still *still, struct failure *failure, const struct still *before,
                   const struct compare_maker *maker)
{
    VipsImage *sheet = NULL;
    if (take(maker, still_first(before), still_first(still), failure))
        sheet = drawn(maker, still_first(still), failure);
    maker->free(maker->state);
    if (!sheet)
        return false;
    g_ptr_array_set_size(still->pages, 0);
    g_ptr_array_add(still->pages, sheet);
    return true;
}
