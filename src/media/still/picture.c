/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still's pixels, as a decoder of uncompressed picture takes them. */
#include "picture.h"

#include "media/still_file.h"
#include "private.h"

static void free_pixels(void *opaque, uint8_t *data)
{
    g_free(data);
}

static bool take(struct still_picture *picture, VipsImage *image, struct failure *failure)
{
    const bool deep = image_depth(image) > 8, alpha = image->Bands == 4;
    size_t length = 0;
    if (VIPS_IMAGE_SIZEOF_IMAGE(image) > INT_MAX)
        return fail(failure, FAIL_UNSUPPORTED,
                    "a still of %d x %d pixels is too large to be a film: resize it first",
                    image->Xsize, image->Ysize);
    void *pixels = vips_image_write_to_memory(image, &length);
    picture->width = image->Xsize;
    picture->height = image->Ysize;
    picture->format = alpha ? (deep ? AV_PIX_FMT_RGBA64LE : AV_PIX_FMT_RGBA)
                            : (deep ? AV_PIX_FMT_RGB48LE : AV_PIX_FMT_RGB24);
    picture->pixels = pixels ? av_buffer_create(pixels, length, free_pixels, NULL, 0) : NULL;
    if (!picture->pixels)
        g_free(pixels);
    return picture->pixels || fail_vips(failure, FAIL_MEMORY, "the picture can't be held");
}

bool still_picture_read(int fd, struct still_picture *picture, struct failure *failure)
{
    g_auto(still_ptr) still = still_open(fd, &(struct still_opts){.threads = 1}, failure);
    if (!still || !still_to_srgb(still, failure))
        return false;
    g_autoptr(VipsImage) rgb = NULL;
    if (image_to_rgb(still_first(still), &rgb))
        return fail_vips(failure, FAIL_INTERNAL, "the picture can't be made RGB");
    return take(picture, rgb, failure);
}
