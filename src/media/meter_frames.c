/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames out of place. */
#include "meter_frames.h"

#include <math.h>
#include <string.h>

static const double MOVING = 0.004, SAME = 0.0005, SAME_SHARE = 1.0 / 8;
static const double ODD = 0.04, ODD_SHARE = 1.0 / 4, JOIN_S = 1;

void frames_meter_init(struct frames_meter *meter)
{
    *meter = (struct frames_meter){.change = {NAN, NAN, NAN}, .at_s = {NAN, NAN, NAN}};
    spans_init(&meter->odd, 0);
}

void frames_meter_clear(struct frames_meter *meter)
{
    spans_clear(&meter->odd);
}

/* NAN where there is nothing to compare with; comparisons with it are false. */
static double change_since(const struct picture *picture, int before)
{
    const struct raster *luma = picture->luma;
    if (!raster_same_size(&luma[PICTURE_NOW], &luma[before]))
        return NAN;
    return raster_difference(&luma[PICTURE_NOW], &luma[before]) / (picture->white - picture->black);
}

static bool is_repeat(const double change[PICTURE_DEPTH])
{
    const double around = fmin(change[PICTURE_NOW], change[PICTURE_BEFORE_THAT]);
    const bool known = !isnan(change[PICTURE_NOW]) && !isnan(change[PICTURE_BEFORE_THAT]);
    return known && around >= MOVING && change[PICTURE_BEFORE] <= SAME &&
           change[PICTURE_BEFORE] <= SAME_SHARE * around;
}

static bool is_odd(const double change[PICTURE_DEPTH], const struct picture *picture)
{
    if (!(change[PICTURE_NOW] > ODD && change[PICTURE_BEFORE] > ODD))
        return false;
    const double least = fmin(change[PICTURE_NOW], change[PICTURE_BEFORE]);
    return change_since(picture, PICTURE_BEFORE_THAT) < ODD_SHARE * least;
}

void frames_meter_feed(struct frames_meter *meter, const struct picture *picture)
{
    memmove(meter->change + 1, meter->change, sizeof(double) * (PICTURE_DEPTH - 1));
    memmove(meter->at_s + 1, meter->at_s, sizeof(double) * (PICTURE_DEPTH - 1));
    meter->change[PICTURE_NOW] = change_since(picture, PICTURE_BEFORE);
    meter->at_s[PICTURE_NOW] = picture->at_s;
    meter->repeated += is_repeat(meter->change);
    if (is_odd(meter->change, picture))
        spans_add(&meter->odd, (struct span){meter->at_s[PICTURE_BEFORE], picture->at_s}, JOIN_S);
}

void frames_meter_read(struct frames_meter *meter, double end_s, struct facts *facts)
{
    facts->repeated_frames = meter->repeated;
    spans_read(&meter->odd, end_s, &facts->odd_frames);
}
