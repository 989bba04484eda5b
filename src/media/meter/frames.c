/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames out of place. */
#include "frames.h"

#include <math.h>

static const double MOVING = 0.002, CUT = 0.1, ALIKE_SHARE = 1.0 / 8, ALIKE_ANEW_SHARE = 1.0 / 3,
                    HOLD_S = 0.5;
static const double ODD = 0.04, ODD_SHARE = 1.0 / 4, JOIN_S = 1;

void frames_meter_init(struct frames_meter *meter)
{
    *meter = (struct frames_meter){.change = {NAN, NAN}, .before_s = NAN, .moved = NAN};
    spans_init(&meter->odd, 0);
}

void frames_meter_clear(struct frames_meter *meter)
{
    spans_clear(&meter->odd);
}

typedef double difference(const struct raster *a, const struct raster *b);

/* NAN where there is nothing to compare with; comparisons with it are false. */
static double change_since(const struct picture *picture, int before, difference *of)
{
    const struct raster *luma = picture->luma;
    if (!raster_same_size(&luma[PICTURE_NOW], &luma[before]))
        return NAN;
    return of(&luma[PICTURE_NOW], &luma[before]) / (picture->white - picture->black);
}

static bool are_repeats(const struct frames_meter *meter, double change, double now_s)
{
    const double around = fmin(meter->moved, change);
    return around >= fmax(MOVING, meter->least) && around < CUT && now_s - meter->alike_s <= HOLD_S;
}

static void feed_repeats(struct frames_meter *meter, const struct picture *picture)
{
    const double change = change_since(picture, PICTURE_BEFORE, raster_cells_difference);
    const bool intra = picture->frame->pict_type == AV_PICTURE_TYPE_I;
    const double share = intra && !meter->intra ? ALIKE_ANEW_SHARE : ALIKE_SHARE;
    meter->intra = intra;
    if (change <= share * meter->moved) {
        if (meter->alike++ == 0)
            meter->alike_s = picture->at_s;
        meter->least = fmax(meter->least, change / share);
        return;
    }
    if (meter->alike && are_repeats(meter, change, picture->at_s))
        meter->repeated += meter->alike;
    meter->alike = 0;
    meter->least = 0;
    meter->moved = change;
}

static bool is_odd(const double change[2], const struct picture *picture)
{
    const double least = fmin(change[PICTURE_NOW], change[PICTURE_BEFORE]);
    return change[PICTURE_NOW] > ODD && change[PICTURE_BEFORE] > ODD &&
           change_since(picture, PICTURE_BEFORE_THAT, raster_difference) < ODD_SHARE * least;
}

void frames_meter_feed(struct frames_meter *meter, const struct picture *picture)
{
    feed_repeats(meter, picture);
    meter->change[PICTURE_BEFORE] = meter->change[PICTURE_NOW];
    meter->change[PICTURE_NOW] = change_since(picture, PICTURE_BEFORE, raster_difference);
    if (is_odd(meter->change, picture))
        spans_add(&meter->odd, (struct span){meter->before_s, picture->at_s}, JOIN_S);
    meter->before_s = picture->at_s;
}

void frames_meter_read(struct frames_meter *meter, double end_s, struct facts *facts)
{
    facts->repeated_frames = meter->repeated;
    spans_read(&meter->odd, end_s, &facts->odd_frames);
}
