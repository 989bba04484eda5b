/* SPDX-License-Identifier: GPL-3.0-or-later
 * zimg's filters by name, and memory as it wants it. */
#include "zimg.h"

#include <vips/vips.h>

enum { ALIGN = 64 };

zimg_resample_filter_e zimg_filter(const char *kernel)
{
    static const struct {
        const char *kernel;
        zimg_resample_filter_e filter;
    } rows[] = {
        {"bilinear", ZIMG_RESIZE_BILINEAR},
        {"bicubic", ZIMG_RESIZE_BICUBIC},
        {"spline36", ZIMG_RESIZE_SPLINE36},
        {"nearest", ZIMG_RESIZE_POINT},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_equal(rows[i].kernel, kernel))
            return rows[i].filter;
    return ZIMG_RESIZE_LANCZOS;
}

void zimg_words(void)
{
    char words[256] = "";
    if (zimg_get_last_error(words, sizeof words))
        vips_error("zimg", "%s", words);
}

static gsize whole_lines(gsize bytes)
{
    return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

void *rows_memory(gsize bytes)
{
    return g_aligned_alloc(MAX(bytes, 1), 1, ALIGN);
}

void rows_make(zimg_image_buffer *rows, int plane, gsize bytes, gsize height, unsigned count)
{
    unsigned mask = zimg_select_buffer_mask(count);
    gsize kept = mask == ZIMG_BUFFER_MAX ? height : mask + 1;
    gsize stride = whole_lines(bytes);
    rows->version = ZIMG_API_VERSION;
    rows->plane[plane].data = g_aligned_alloc0(kept * stride + ALIGN, 1, ALIGN);
    rows->plane[plane].stride = (ptrdiff_t)stride;
    rows->plane[plane].mask = mask;
}

void rows_free(zimg_image_buffer *rows)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows->plane); i++)
        g_aligned_free(rows->plane[i].data);
}

void *rows_at(const zimg_image_buffer *rows, int plane, unsigned y)
{
    return (char *)rows->plane[plane].data +
           (gssize)(y & rows->plane[plane].mask) * rows->plane[plane].stride;
}

zimg_image_buffer_const rows_read_only(const zimg_image_buffer *rows)
{
    zimg_image_buffer_const view = {.version = rows->version};
    for (unsigned i = 0; i < G_N_ELEMENTS(view.plane); i++) {
        view.plane[i].data = rows->plane[i].data;
        view.plane[i].stride = rows->plane[i].stride;
        view.plane[i].mask = rows->plane[i].mask;
    }
    return view;
}
