/* SPDX-License-Identifier: GPL-3.0-or-later
 * Black bars. */
#include "bars.h"

#include <string.h>

enum { SEEN_ONE_IN = 50 };
static const double BRIGHT = 0.05, LONG_ENOUGH_S = 1, LONG_ENOUGH_SHARE = 0.1;

void bars_meter_clear(struct bars_meter *meter)
{
    g_free(meter->rows.seen_s);
    g_free(meter->columns.seen_s);
    g_free(meter->bright);
}

/* Of another size it begins again. */
static void resize(struct bars_meter *meter, int columns, int rows)
{
    if (meter->rows.count == rows && meter->columns.count == columns)
        return;
    bars_meter_clear(meter);
    *meter = (struct bars_meter){.rows = {g_new0(double, rows), rows},
                                 .columns = {g_new0(double, columns), columns},
                                 .bright = g_new(int, columns)};
}

static bool enough(int bright, int of)
{
    return bright > 0 && bright * SEEN_ONE_IN >= of;
}

static bool see_rows(struct edge *edge, const struct raster *raster, guint16 limit, double lasts_s)
{
    bool any = false;
    for (int y = 0; y < edge->count; y++) {
        const guint16 *row = raster->data + (gsize)y * (gsize)raster->width;
        int bright = 0;
        for (int x = 0; x < raster->width; x++)
            bright += row[x] > limit;
        const bool seen = enough(bright, raster->width);
        edge->seen_s[y] += seen ? lasts_s : 0;
        any |= seen;
    }
    return any;
}

static void see_columns(struct bars_meter *meter, const struct raster *raster, guint16 limit,
                        double lasts_s)
{
    memset(meter->bright, 0, sizeof(int) * (gsize)raster->width);
    for (int y = 0; y < raster->height; y++) {
        const guint16 *row = raster->data + (gsize)y * (gsize)raster->width;
        for (int x = 0; x < raster->width; x++)
            meter->bright[x] += row[x] > limit;
    }
    for (int x = 0; x < raster->width; x++)
        meter->columns.seen_s[x] += enough(meter->bright[x], raster->height) ? lasts_s : 0;
}

void bars_meter_feed(struct bars_meter *meter, const struct picture *picture)
{
    const struct raster *rows = &picture->rows[PICTURE_NOW], *columns = &picture->columns;
    const guint16 limit = (guint16)(picture->black + BRIGHT * (picture->white - picture->black));
    const double lasts_s = picture->duration_s > 0 ? picture->duration_s : 1.0 / 25;
    resize(meter, columns->width, rows->height);
    if (see_rows(&meter->rows, rows, limit, lasts_s))
        meter->seen_s += lasts_s;
    see_columns(meter, columns, limit, lasts_s);
}

/* What lies before the first and after the last that count. */
static void outside(const struct edge *edge, double needed_s, int *before, int *after)
{
    int first = 0, end = edge->count;
    while (first < end && edge->seen_s[first] < needed_s)
        first++;
    while (end > first && edge->seen_s[end - 1] < needed_s)
        end--;
    *before = first == end ? 0 : first;
    *after = first == end ? 0 : edge->count - end;
}

void bars_meter_read(const struct bars_meter *meter, struct facts *facts)
{
    const double rounding = 1 - 1e-6;
    const double needed_s = MIN(LONG_ENOUGH_S, LONG_ENOUGH_SHARE * meter->seen_s) * rounding;
    if (needed_s <= 0)
        return;
    outside(&meter->rows, needed_s, &facts->bar_top, &facts->bar_bottom);
    outside(&meter->columns, needed_s, &facts->bar_left, &facts->bar_right);
}
