/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows as they are read, and halved, to all that makes a size of them. */
#include "still_sizes.h"

#include "still_private.h"
#include "still_strips.h"

#include <malloc.h>
#include <string.h>

enum { ROWS_AT_ONCE = 16, PIXEL_MAX = 4 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VipsRegion, g_object_unref)

struct reading {
    VipsImage *in;
    GPtrArray *all;            /* struct strips, owned, in order */
    GPtrArray *whole, *halves; /* those that take the rows as they are, and halved */
    guint8 *means, *halved;
};

static bool half_will_do(const VipsImage *in, const struct still_scaling *to)
{
    return in->Xsize % 2 == 0 && in->Ysize % 2 == 0 && 4 * to->width <= in->Xsize &&
           4 * to->height <= in->Ysize;
}

static void free_strips(void *strips)
{
    strips_free(strips);
}

static bool begin(struct reading *r, VipsImage *in, const struct still_scaling *sizes,
                  unsigned count)
{
    const gsize row = (gsize)in->Xsize * (gsize)in->Bands + PIXEL_MAX;
    *r = (struct reading){.in = in,
                          .all = g_ptr_array_new_with_free_func(free_strips),
                          .whole = g_ptr_array_new(),
                          .halves = g_ptr_array_new(),
                          .means = g_malloc(row),
                          .halved = g_malloc(row)};
    for (unsigned i = 0; i < count; i++) {
        const bool half = half_will_do(in, &sizes[i]);
        const int by = half ? 2 : 1;
        struct strips *strips = strips_create(in, in->Xsize / by, in->Ysize / by, &sizes[i]);
        if (!strips)
            return false;
        g_ptr_array_add(r->all, strips);
        g_ptr_array_add(half ? r->halves : r->whole, strips);
    }
    return true;
}

static void end(struct reading *r)
{
    g_ptr_array_unref(r->whole);
    g_ptr_array_unref(r->halves);
    g_ptr_array_unref(r->all);
    g_free(r->means);
    g_free(r->halved);
    malloc_trim(0);
}

static bool push(const GPtrArray *to, const guint8 *row)
{
    for (guint i = 0; i < to->len; i++)
        if (!strips_push(to->pdata[i], row))
            return false;
    return true;
}

/* Of each pixel a mean with those to the right and below, and then every second one; a pixel is
 * copied with what follows it, over which the next one goes. */
static void halve(const struct reading *r, const guint8 *upper, const guint8 *lower)
{
    const int bands = r->in->Bands, width = r->in->Xsize, last = (width - 1) * bands;
    for (int i = 0; i < last; i++)
        r->means[i] = (guint8)((upper[i] + lower[i] + upper[i + bands] + lower[i + bands] + 2) / 4);
    for (int x = 0; x < width / 2; x++)
        memcpy(r->halved + x * bands, r->means + 2 * x * bands, PIXEL_MAX);
}

static bool read_rows(const struct reading *r, VipsRegion *rows, const VipsRect *area)
{
    if (vips_region_prepare(rows, area))
        return false;
    for (int y = area->top; y < area->top + area->height; y++) {
        const guint8 *row = VIPS_REGION_ADDR(rows, 0, y);
        if (!push(r->whole, row))
            return false;
        if (y % 2 == 0 || !r->halves->len)
            continue;
        halve(r, VIPS_REGION_ADDR(rows, 0, y - 1), row);
        if (!push(r->halves, r->halved))
            return false;
    }
    return true;
}

/* libvips would keep the last 512 rows of what streams; none is asked for again. */
static bool read_all(const struct reading *r)
{
    g_autoptr(VipsRegion) rows = vips_region_new(r->in);
    const int height = r->in->Ysize;
    for (int y = 0; rows && y < height; y += ROWS_AT_ONCE) {
        const VipsRect area = {0, y, r->in->Xsize, MIN(ROWS_AT_ONCE, height - y)};
        if (!read_rows(r, rows, &area))
            return false;
        vips_image_minimise_all(r->in);
    }
    return rows;
}

GPtrArray *still_sizes(VipsImage *in, const struct still_scaling *sizes, unsigned count)
{
    struct reading reading;
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_object_unref);
    const bool done = begin(&reading, in, sizes, count) && read_all(&reading);
    for (guint i = 0; done && i < count; i++)
        g_ptr_array_add(made, strips_take(reading.all->pdata[i]));
    end(&reading);
    return done ? g_steal_pointer(&made) : NULL;
}
