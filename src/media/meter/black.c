/* SPDX-License-Identifier: GPL-3.0-or-later
 * Black and frozen picture. */
#include "black.h"

#include <math.h>
#include <string.h>

static const double BLACK_LEVEL = 0.10, BLACK_SHARE = 0.98, FREEZE_LEVEL = 0.001;

void black_meter_init(struct black_meter *meter)
{
    *meter = (struct black_meter){0};
    spans_init(&meter->black, fact_find("black")->least_s);
    spans_init(&meter->freeze, fact_find("freeze")->least_s);
}

void black_meter_clear(struct black_meter *meter)
{
    spans_clear(&meter->black);
    spans_clear(&meter->freeze);
    raster_clear(&meter->reference);
}

static gsize samples_of(const struct raster *raster)
{
    return (gsize)raster->width * (gsize)raster->height;
}

static bool is_black(const struct picture *picture)
{
    const struct raster *luma = &picture->luma[PICTURE_NOW];
    const guint16 limit =
        (guint16)(picture->black + BLACK_LEVEL * (picture->white - picture->black));
    const gsize count = samples_of(luma);
    gsize dark = 0;
    for (gsize i = 0; i < count; i++)
        dark += luma->data[i] <= limit;
    return (double)dark >= BLACK_SHARE * (double)count;
}

static bool are_alike(const struct raster *reference, const struct raster *luma,
                      double (*difference)(const struct raster *a, const struct raster *b))
{
    return raster_same_size(reference, luma) &&
           difference(reference, luma) <= FREEZE_LEVEL * G_MAXUINT16;
}

static void refer(struct raster *reference, const struct raster *luma)
{
    if (!raster_same_size(reference, luma))
        reference->data = g_renew(guint16, reference->data, samples_of(luma));
    reference->width = luma->width;
    reference->height = luma->height;
    memcpy(reference->data, luma->data, samples_of(luma) * sizeof(*luma->data));
}

static void feed_black(struct black_meter *meter, const struct picture *picture)
{
    const bool black = is_black(picture);
    spans_tell(&meter->black, black, picture->at_s);
    meter->seen |= !black;
    meter->head += black && !meter->seen;
    meter->tail = black ? meter->tail + 1 : 0;
}

static void feed_freeze(struct black_meter *meter, const struct picture *picture)
{
    const struct raster *luma = &picture->luma[PICTURE_NOW];
    const bool intra = picture->frame->pict_type == AV_PICTURE_TYPE_I;
    const bool anew = intra && !meter->intra;
    meter->intra = intra;
    if (are_alike(&meter->reference, luma, raster_difference))
        return;
    if (!anew || !are_alike(&meter->reference, luma, raster_cells_difference)) {
        spans_tell(&meter->freeze, false, picture->at_s);
        spans_tell(&meter->freeze, true, picture->at_s);
    }
    refer(&meter->reference, luma);
}

void black_meter_feed(struct black_meter *meter, const struct picture *picture)
{
    feed_black(meter, picture);
    feed_freeze(meter, picture);
}

void black_meter_read(struct black_meter *meter, double end_s, struct facts *facts)
{
    spans_read(&meter->black, end_s, &facts->black);
    spans_read(&meter->freeze, end_s, &facts->freeze);
    facts->black_head = meter->head;
    facts->black_tail = meter->tail;
}
