/* SPDX-License-Identifier: GPL-3.0-or-later
 * All meters of moving picture on one frame after the other. */
#include "media/meter.h"

#include "bars.h"
#include "black.h"
#include "blocks.h"
#include "comb.h"
#include "flash.h"
#include "frames.h"
#include "range.h"

struct picture_meter {
    struct picture picture;
    struct black_meter black;
    struct frames_meter frames;
    struct range_meter range;
    struct flash_meter *flash;
    struct comb_meter comb;
    struct bars_meter bars;
    struct blocks_meter blocks;
    double end_s;
};

struct picture_meter *picture_meter_create(void)
{
    struct picture_meter *meter = g_new0(struct picture_meter, 1);
    black_meter_init(&meter->black);
    frames_meter_init(&meter->frames);
    range_meter_init(&meter->range);
    meter->flash = flash_meter_create();
    return meter;
}

void picture_meter_destroy(struct picture_meter *meter)
{
    if (!meter)
        return;
    picture_clear(&meter->picture);
    black_meter_clear(&meter->black);
    frames_meter_clear(&meter->frames);
    range_meter_clear(&meter->range);
    flash_meter_destroy(meter->flash);
    bars_meter_clear(&meter->bars);
    g_free(meter);
}

void picture_meter_feed(struct picture_meter *meter, const AVFrame *frame, double at_s,
                        double duration_s)
{
    const struct picture *picture = &meter->picture;
    meter->end_s = at_s + duration_s;
    if (!picture_take(&meter->picture, frame, at_s, duration_s))
        return;
    black_meter_feed(&meter->black, picture);
    frames_meter_feed(&meter->frames, picture);
    range_meter_feed(&meter->range, picture);
    flash_meter_feed(meter->flash, picture);
    comb_meter_feed(&meter->comb, picture);
    bars_meter_feed(&meter->bars, picture);
    blocks_meter_feed(&meter->blocks, picture);
}

void picture_meter_read(struct picture_meter *meter, struct facts *facts)
{
    black_meter_read(&meter->black, meter->end_s, facts);
    frames_meter_read(&meter->frames, meter->end_s, facts);
    range_meter_read(&meter->range, meter->end_s, facts);
    flash_meter_read(meter->flash, meter->end_s, facts);
    comb_meter_read(&meter->comb, facts);
    bars_meter_read(&meter->bars, facts);
    blocks_meter_read(&meter->blocks, facts);
}
