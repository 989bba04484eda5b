/* SPDX-License-Identifier: GPL-3.0-or-later
 * Combing. */
#include "comb.h"

#include <stdlib.h>

enum { ONE_IN = 200, ORDERED_LEAST = 5 };
static const double CHANGES = 0.04, RATIO = 1.3, TEETH = 0.75;

/* Of pixels that change: how badly they stand between their neighbours when even rows come from the
 * frame before and odd ones from the frame after, and the other way round; and as they are, between
 * the rows next to them and the next ones of their own field. */
struct fit {
    guint64 one, other, rows, field, moving;
};

static void fit_row(struct fit *fit, const struct picture *picture, int y, guint32 limit)
{
    const struct raster *rows = picture->rows;
    const gsize width = (gsize)rows[PICTURE_NOW].width, at = (gsize)y * width;
    const guint16 *after = rows[PICTURE_NOW].data + at;
    const guint16 *before = rows[PICTURE_BEFORE_THAT].data + at;
    const guint16 *middle = rows[PICTURE_BEFORE].data + at;
    const guint16 *above = middle - width, *below = middle + width;
    const guint16 *above_that = above - width, *below_that = below + width;
    guint32 by_before = 0, by_after = 0, by_rows = 0, by_field = 0, moving = 0;
    for (gsize x = 0; x < width; x++) {
        const gint32 around = above[x] + below[x];
        const guint32 moves = (guint32)abs(after[x] - before[x]) > limit;
        const guint32 mask = -moves;
        by_before += (guint32)abs(around - 2 * before[x]) & mask;
        by_after += (guint32)abs(around - 2 * after[x]) & mask;
        by_rows += (guint32)abs(around - 2 * middle[x]) & mask;
        by_field += (guint32)abs(above_that[x] + below_that[x] - 2 * middle[x]) & mask;
        moving += moves;
    }
    fit->one += y % 2 ? by_after : by_before;
    fit->other += y % 2 ? by_before : by_after;
    fit->rows += by_rows;
    fit->field += by_field;
    fit->moving += moving;
}

/* Of the frame before; false where too little of it moves. */
static bool fit_frame(struct fit *fit, const struct picture *picture)
{
    const struct raster *middle = &picture->rows[PICTURE_BEFORE];
    const guint32 limit = (guint32)(CHANGES * (picture->white - picture->black));
    for (int y = 2; y < middle->height - 2; y++)
        fit_row(fit, picture, y, limit);
    return fit->moving * ONE_IN >= (guint64)middle->width * (guint64)middle->height;
}

static bool are_apart(const struct fit *fit)
{
    return (double)MAX(fit->one, fit->other) > RATIO * (double)MIN(fit->one, fit->other);
}

static bool is_combed(const struct fit *fit)
{
    return are_apart(fit) && (double)fit->rows > TEETH * (double)fit->field;
}

/* Even rows are the top field: where it is first, they are the farthest from the odd ones of the
 * frame before. */
static void order_fields(struct comb_meter *meter, const struct fit *fit)
{
    if (!are_apart(fit))
        return;
    meter->ordered++;
    meter->misordered += (fit->one > fit->other) != meter->top_first;
}

static void judge(struct comb_meter *meter, const struct picture *picture)
{
    struct fit fit = {0};
    if (!fit_frame(&fit, picture))
        return;
    if (meter->progressive)
        meter->combed += is_combed(&fit);
    else
        order_fields(meter, &fit);
}

void comb_meter_feed(struct comb_meter *meter, const struct picture *picture)
{
    const struct raster *rows = picture->rows;
    if (raster_same_size(&rows[PICTURE_NOW], &rows[PICTURE_BEFORE]) &&
        raster_same_size(&rows[PICTURE_NOW], &rows[PICTURE_BEFORE_THAT]))
        judge(meter, picture);
    meter->progressive = !picture->frame->interlaced_frame;
    meter->top_first = picture->frame->top_field_first;
    meter->frames += meter->progressive;
}

void comb_meter_read(const struct comb_meter *meter, struct facts *facts)
{
    const bool enough = meter->ordered >= ORDERED_LEAST;
    facts->combed_percent = meter->frames ? 100 * (double)meter->combed / (double)meter->frames : 0;
    facts->misordered_percent =
        enough ? 100 * (double)meter->misordered / (double)meter->ordered : 0;
}
