/* SPDX-License-Identifier: GPL-3.0-or-later
 * HaldCLUT images. */
#include "media/hald.h"

#include "private.h"

#include <math.h>
#include <string.h>

static bool is_exact(VipsImage *image)
{
    const char *loader = "";
    vips_image_get_string(image, VIPS_META_LOADER, &loader);
    return g_str_has_prefix(loader, "png") || g_str_has_prefix(loader, "tiff");
}

/* 0 and `failure` when the picture isn't one. */
static int level_of(VipsImage *image, struct failure *failure)
{
    const int level = (int)lround(cbrt(image->Xsize));
    if (image->Xsize != image->Ysize || level * level * level != image->Xsize || level < 2)
        fail(failure, FAIL_CONFIG,
             "%d x %d pixels are no HaldCLUT: those are squares of 8, 27, 64, 125, 216, 343, 512, "
             "729, 1000 or 1331 pixels",
             image->Xsize, image->Ysize);
    else if (level > HALD_LEVEL_MAX)
        fail(failure, FAIL_CONFIG,
             "a HaldCLUT of level %d has %d points along an edge; up to level %d (1331 x 1331 "
             "pixels, 121 points) is read: make a smaller one",
             level, level * level, HALD_LEVEL_MAX);
    else if (!is_exact(image))
        fail(failure, FAIL_CONFIG, "a HaldCLUT is read from PNG or TIFF, which keep its numbers");
    else if (image->Bands < 3)
        fail(failure, FAIL_CONFIG, "a grey picture is no HaldCLUT");
    else
        return level;
    return 0;
}

static float value_of(const void *line, int at, int depth)
{
    return depth == 8    ? ((const guint8 *)line)[at] / 255.0f
           : depth == 16 ? ((const guint16 *)line)[at] / 65535.0f
                         : ((const float *)line)[at];
}

/* The picture is in memory: still_open decodes all of it. */
static bool copy(VipsImage *image, struct hald *hald, struct failure *failure)
{
    float(*point)[3] = hald->points;
    for (int y = 0; y < image->Ysize; y++) {
        const void *line = VIPS_IMAGE_ADDR(image, 0, y);
        for (int x = 0; x < image->Xsize; x++, point++)
            for (int c = 0; c < 3; c++) {
                (*point)[c] = value_of(line, x * image->Bands + c, hald->depth);
                if (!isfinite((*point)[c]))
                    return fail(failure, FAIL_CONFIG,
                                "pixel %d, %d of the HaldCLUT is not a finite number", x, y);
            }
    }
    return true;
}

/* A LUT that can't be read is no damage of the input. */
static struct still *open_hald(int fd, struct failure *failure)
{
    struct failure why = {0};
    const struct still_opts opts = {.threads = vips_concurrency_get()};
    struct still *still = still_open(fd, &opts, &why);
    if (!still)
        fail(failure, why.class == FAIL_MEMORY ? FAIL_MEMORY : FAIL_CONFIG,
             "the HaldCLUT can't be used: %s", why.message);
    failure_clear(&why);
    return still;
}

bool hald_read(int fd, struct hald *out, struct failure *failure)
{
    g_auto(still_ptr) still = open_hald(fd, failure);
    const int level = still ? level_of(still_first(still), failure) : 0;
    if (!level)
        return false;
    g_autoptr(VipsImage) image = vips_image_copy_memory(still_first(still));
    if (!image)
        return fail_vips(failure, FAIL_MEMORY, "the HaldCLUT can't be decoded");
    *out = (struct hald){(unsigned)(level * level), image_depth(image), NULL};
    out->points = g_malloc_n((gsize)image->Xsize * (gsize)image->Ysize, sizeof *out->points);
    if (copy(image, out, failure))
        return true;
    g_clear_pointer(&out->points, g_free);
    return false;
}
