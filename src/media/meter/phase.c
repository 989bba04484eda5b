/* SPDX-License-Identifier: GPL-3.0-or-later
 * Phase. */
#include "phase.h"

#include <math.h>

static const double BLOCK_S = 0.1, AUDIBLE = 1e-6, OUT_OF_PHASE = -0.5;

void phase_meter_init(struct phase_meter *meter, int rate, const AVChannelLayout *layout)
{
    *meter = (struct phase_meter){
        .rate = rate,
        .left = av_channel_layout_index_from_channel(layout, AV_CHAN_FRONT_LEFT),
        .right = av_channel_layout_index_from_channel(layout, AV_CHAN_FRONT_RIGHT),
        .lowest = NAN,
    };
    spans_init(&meter->spans, 0);
}

void phase_meter_clear(struct phase_meter *meter)
{
    spans_clear(&meter->spans);
}

static void judge(struct phase_meter *meter, double end_s)
{
    const int count = MIN(meter->count, PHASE_BLOCKS);
    struct phase_block sum = {0};
    for (int i = 0; i < count; i++) {
        sum.cross += meter->blocks[i].cross;
        sum.left += meter->blocks[i].left;
        sum.right += meter->blocks[i].right;
    }
    const double seconds = count * BLOCK_S;
    const double quiet = AUDIBLE * seconds * meter->rate;
    if (count < PHASE_BLOCKS_LEAST || sum.left < quiet || sum.right < quiet)
        return;
    const double correlation = sum.cross / sqrt(sum.left * sum.right);
    meter->lowest = fmin(meter->lowest, correlation);
    if (correlation < OUT_OF_PHASE)
        spans_add(&meter->spans, (struct span){end_s - seconds, end_s}, 0);
}

static void end_block(struct phase_meter *meter, double end_s)
{
    meter->blocks[meter->count++ % PHASE_BLOCKS] = meter->now;
    meter->now = (struct phase_block){0};
    meter->filled = 0;
    if (meter->count >= PHASE_BLOCKS)
        judge(meter, end_s);
}

void phase_meter_feed(struct phase_meter *meter, const float *const *channel, int frames,
                      double at_s)
{
    if (meter->left < 0 || meter->right < 0)
        return;
    const float *left = channel[meter->left], *right = channel[meter->right];
    for (int i = 0; i < frames; i++) {
        const double l = (double)left[i], r = (double)right[i];
        meter->now.cross += l * r;
        meter->now.left += l * l;
        meter->now.right += r * r;
        if (++meter->filled >= BLOCK_S * meter->rate)
            end_block(meter, at_s + (i + 1.0) / meter->rate);
    }
}

void phase_meter_read(struct phase_meter *meter, double end_s, struct facts *facts)
{
    if (meter->count < PHASE_BLOCKS)
        judge(meter, end_s);
    facts->min_correlation = meter->lowest;
    spans_read(&meter->spans, end_s, &facts->out_of_phase);
}
