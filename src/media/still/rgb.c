/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills as plain rows of R, G and B. */
#include "private.h"

#include <string.h>

bool still_read_rgb(const struct still *still, struct failure *failure, uint8_t *rows,
                    size_t stride, int width, int height)
{
    const struct still_shape shape = still_shape(still);
    g_autoptr(VipsImage) shallow = NULL, wide = NULL, rgb = NULL, memory = NULL;
    if (shape.width > width || shape.height > height)
        return fail(failure, FAIL_INTERNAL, "a picture of %dx%d has no room in %dx%d", shape.width,
                    shape.height, width, height);
    if (image_to_depth(still_first(still), &shallow, 8) || image_to_rgb(shallow, &wide) ||
        vips_extract_band(wide, &rgb, 0, "n", 3, NULL) || !(memory = vips_image_copy_memory(rgb)))
        return fail_vips(failure, FAIL_INTERNAL, "the picture can't be computed");
    for (int y = 0; y < memory->Ysize; y++)
        memcpy(rows + (size_t)y * stride, VIPS_IMAGE_ADDR(memory, 0, y), 3 * (size_t)memory->Xsize);
    return true;
}

struct still *still_of_rgb(const uint8_t *rows, int width, int height, struct failure *failure)
{
    if (!still_start(failure))
        return NULL;
    g_autoptr(VipsImage) image = vips_image_new_from_memory_copy(
        rows, 3 * (size_t)width * (size_t)height, width, height, 3, VIPS_FORMAT_UCHAR);
    VipsImage *typed = NULL;
    if (!image || vips_copy(image, &typed, "interpretation", VIPS_INTERPRETATION_sRGB, NULL)) {
        fail_vips(failure, FAIL_MEMORY, "no memory for the picture");
        return NULL;
    }
    struct still *still = g_new0(struct still, 1);
    still->pages = g_ptr_array_new_with_free_func(g_object_unref);
    still->notes = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(still->pages, typed);
    if (still_set_space(still, failure, false))
        return still;
    still_close(still);
    return NULL;
}

bool still_write_rgb(const uint8_t *rows, int width, int height, int fd, struct failure *failure)
{
    struct encode *plain = encode_create();
    struct claim claim = {0};
    g_auto(still_ptr) still = still_of_rgb(rows, width, height, failure);
    const bool written = still && still_write(still, "png", &plain->image, fd, &claim, failure);
    claim_clear(&claim);
    encode_destroy(plain);
    return written;
}
