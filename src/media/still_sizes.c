/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows as they are read, and halved, to all that makes a size of them. */
#include "still_sizes.h"

#include "still_strips.h"

#include <malloc.h>

struct size {
    struct strips *strips;
    bool halved[PLANES_MOST]; /* which planes it takes so */
};

struct reading {
    struct jpeg_planes *planes;
    GArray *sizes;                    /* struct size */
    guint8 *halved[PLANES_MOST];      /* what came last; NULL: nobody takes it so */
    const guint8 **rows[PLANES_MOST]; /* of it */
};

static bool half_will_do(const struct plane_shape *plane, const struct still_scaling *to)
{
    return plane->across == plane->width && plane->down == plane->height && plane->width % 2 == 0 &&
           plane->height % 2 == 0 && 4 * to->width <= plane->width &&
           4 * to->height <= plane->height;
}

static struct plane_shape half_of(const struct plane_shape *plane)
{
    return (struct plane_shape){plane->width / 2, plane->height / 2, plane->across / 2,
                                plane->down / 2, plane->rows / 2};
}

static void make_room(struct reading *r, unsigned plane)
{
    if (r->halved[plane])
        return;
    const struct plane_shape half = half_of(&r->planes->shape[plane]);
    r->halved[plane] = g_malloc((gsize)half.width * (gsize)half.rows);
    r->rows[plane] = g_new(const guint8 *, half.rows);
    for (int y = 0; y < half.rows; y++)
        r->rows[plane][y] = r->halved[plane] + (gsize)y * (gsize)half.width;
}

static bool begin_size(struct reading *r, VipsImage *like, const struct still_scaling *to)
{
    struct size size = {0};
    struct plane_shape shapes[PLANES_MOST];
    for (unsigned i = 0; i < r->planes->count; i++) {
        const struct plane_shape *plane = &r->planes->shape[i];
        size.halved[i] = half_will_do(plane, to);
        shapes[i] = size.halved[i] ? half_of(plane) : *plane;
        if (size.halved[i])
            make_room(r, i);
    }
    size.strips = strips_create(like, r->planes, shapes, to);
    g_array_append_val(r->sizes, size);
    return size.strips;
}

static void clear_size(void *size)
{
    strips_free(((struct size *)size)->strips);
}

static bool begin(struct reading *r, struct jpeg_planes *planes, VipsImage *like,
                  const struct still_scaling *sizes, unsigned count)
{
    *r =
        (struct reading){.planes = planes, .sizes = g_array_new(FALSE, FALSE, sizeof(struct size))};
    g_array_set_clear_func(r->sizes, clear_size);
    for (unsigned i = 0; i < count; i++)
        if (!begin_size(r, like, &sizes[i]))
            return false;
    return true;
}

static void end(struct reading *r)
{
    g_array_unref(r->sizes);
    for (unsigned i = 0; i < PLANES_MOST; i++) {
        g_free(r->halved[i]);
        g_free(r->rows[i]);
    }
    malloc_trim(0);
}

static void halve(guint8 *to, const guint8 *upper, const guint8 *lower, int width)
{
    for (int x = 0; x < width; x++)
        to[x] =
            (guint8)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) / 4);
}

static void halve_all(const struct reading *r)
{
    for (unsigned i = 0; i < r->planes->count; i++) {
        const int width = r->planes->shape[i].width / 2;
        for (int y = 0; r->halved[i] && y < r->planes->came[i] / 2; y++)
            halve(r->halved[i] + (gsize)y * (gsize)width, r->planes->rows[i][2 * y],
                  r->planes->rows[i][2 * y + 1], width);
    }
}

static bool give(const struct reading *r, const struct size *size)
{
    const struct jpeg_planes *planes = r->planes;
    for (unsigned i = 0; i < planes->count; i++)
        strips_push(size->strips, i, size->halved[i] ? r->rows[i] : planes->rows[i],
                    size->halved[i] ? planes->came[i] / 2 : planes->came[i]);
    return strips_make(size->strips);
}

static bool read_all(const struct reading *r, const struct still_listener *listener)
{
    while (jpeg_planes_next(r->planes)) {
        halve_all(r);
        for (guint i = 0; i < r->sizes->len; i++)
            if (!give(r, &g_array_index(r->sizes, struct size, i)))
                return false;
        if (listener)
            listener->heard(listener->data, r->planes->fraction);
    }
    return r->planes->fraction >= 1;
}

GPtrArray *still_sizes(struct jpeg_planes *planes, VipsImage *like,
                       const struct still_scaling *sizes, unsigned count,
                       const struct still_listener *listener)
{
    struct reading reading;
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_object_unref);
    const bool done = begin(&reading, planes, like, sizes, count) && read_all(&reading, listener);
    for (guint i = 0; done && i < count; i++)
        g_ptr_array_add(made, strips_take(g_array_index(reading.sizes, struct size, i).strips));
    end(&reading);
    return done ? g_steal_pointer(&made) : NULL;
}
