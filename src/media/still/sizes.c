/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows as they are read, and halved, to all that makes a size of them. */
#include "sizes.h"

#include "jpeg_halves.h"
#include "strips.h"

#include <malloc.h>

enum { LEVELS_MOST = 5 }; /* of 32 rows at once: four of libjpeg's blocks */

struct size {
    struct strips *strips;
    unsigned level; /* how often halved it takes the planes */
};

struct reading {
    struct jpeg_planes *planes;
    GArray *sizes;                           /* struct size */
    struct jpeg_halves *halves[LEVELS_MOST]; /* each of the one before; the first of the planes */
};

static const struct jpeg_planes *planes_of(const struct reading *r, unsigned level)
{
    return level ? jpeg_halves_planes(r->halves[level - 1]) : r->planes;
}

/* What is halved twice keeps twice the distance, and so on: the droop of means adds up. */
static bool half_will_do(const struct reading *r, unsigned level, const struct still_scaling *to)
{
    const struct plane_shape *shape = &planes_of(r, level)->shape[0];
    const int least = level ? 8 : 4;
    return least * to->width <= shape->width && least * to->height <= shape->height;
}

/* Of the rows that come at once there are two each time, until the last. */
static bool has_half(struct reading *r, unsigned level)
{
    if (level == LEVELS_MOST || r->planes->shape[0].rows % (2 << level) != 0)
        return false;
    if (!r->halves[level])
        r->halves[level] = jpeg_halves_open(planes_of(r, level));
    return r->halves[level];
}

static bool begin_size(struct reading *r, VipsImage *like, const struct still_scaling *to)
{
    struct size size = {0};
    while (half_will_do(r, size.level, to) && has_half(r, size.level))
        size.level++;
    size.strips = strips_create(like, planes_of(r, size.level), to);
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
    for (unsigned i = 0; i < LEVELS_MOST; i++)
        jpeg_halves_close(r->halves[i]);
    malloc_trim(0);
}

static bool give(const struct reading *r, const struct size *size)
{
    const struct jpeg_planes *planes = planes_of(r, size->level);
    for (unsigned i = 0; i < planes->count; i++)
        strips_push(size->strips, i, planes->rows[i], planes->came[i]);
    return strips_make(size->strips);
}

static bool read_all(const struct reading *r, const struct still_listener *listener)
{
    while (jpeg_planes_next(r->planes)) {
        for (unsigned i = 0; i < LEVELS_MOST && r->halves[i]; i++)
            jpeg_halves_make(r->halves[i]);
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
