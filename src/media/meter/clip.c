/* SPDX-License-Identifier: GPL-3.0-or-later
 * Clipping. */
#include "clip.h"

#include <math.h>

enum { RUN = 3 };
static const double JOIN_S = 1;

void clip_meter_init(struct clip_meter *meter, int rate, int channels, bool bytes)
{
    const float full_scale = bytes ? 127.0F / 128 : 32767.0F / 32768;
    *meter = (struct clip_meter){rate, channels, full_scale, .run = g_new0(int, channels),
                                 .clipped = g_new0(int, channels)};
    spans_init(&meter->spans, 0);
}

void clip_meter_clear(struct clip_meter *meter)
{
    g_free(meter->run);
    g_free(meter->clipped);
    spans_clear(&meter->spans);
}

static void feed_channel(struct clip_meter *meter, int channel, const float *samples, int frames,
                         double at_s)
{
    int run = meter->run[channel];
    for (int i = 0; i < frames; i++) {
        run = fabsf(samples[i]) >= meter->full_scale ? run + 1 : 0;
        if (run < RUN)
            continue;
        meter->clipped[channel] += run == RUN ? RUN : 1;
        const double end_s = at_s + (i + 1.0) / meter->rate;
        spans_add(&meter->spans, (struct span){end_s - (double)run / meter->rate, end_s}, JOIN_S);
    }
    meter->run[channel] = run;
}

static void end_second(struct clip_meter *meter)
{
    for (int c = 0; c < meter->channels; c++) {
        meter->worst = MAX(meter->worst, meter->clipped[c]);
        meter->clipped[c] = 0;
    }
    meter->filled = 0;
}

void clip_meter_feed(struct clip_meter *meter, const float *const *channel, int frames, double at_s)
{
    for (int done = 0, count; done < frames; done += count) {
        count = MIN(frames - done, meter->rate - meter->filled);
        for (int c = 0; c < meter->channels; c++)
            feed_channel(meter, c, channel[c] + done, count, at_s + (double)done / meter->rate);
        meter->filled += count;
        if (meter->filled == meter->rate)
            end_second(meter);
    }
}

void clip_meter_read(struct clip_meter *meter, double end_s, struct facts *facts)
{
    end_second(meter);
    spans_read(&meter->spans, end_s, &facts->clipping);
    facts->clipped_percent = 100.0 * meter->worst / meter->rate;
}
