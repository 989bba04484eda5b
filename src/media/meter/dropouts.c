/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dropouts of a channel. */
#include "dropouts.h"

#include <math.h>
#include <stdlib.h>

static const float SILENT = 0.001F, HEARD = 0.01F;
static const int WINDOWS_A_SECOND = 100;

void dropouts_meter_init(struct dropouts_meter *meter, int rate, int channels)
{
    *meter = (struct dropouts_meter){.rate = rate,
                                     .count = channels,
                                     .window = MAX(rate / WINDOWS_A_SECOND, 1),
                                     .channels = g_new0(struct dropout_channel, channels)};
    for (int c = 0; c < channels; c++)
        meter->channels[c].start_s = NAN;
    spans_init(&meter->spans, fact_find("dropouts")->least_s);
}

void dropouts_meter_clear(struct dropouts_meter *meter)
{
    g_free(meter->channels);
    spans_clear(&meter->spans);
}

static void end_silence(struct dropouts_meter *meter, struct dropout_channel *channel, double end_s)
{
    const struct span span = {channel->start_s, end_s};
    if (end_s - channel->start_s >= meter->spans.least_s - 1e-6 && channel->others >= HEARD)
        g_array_append_val(meter->spans.found, span);
    channel->start_s = NAN;
}

static void judge(struct dropouts_meter *meter, struct dropout_channel *channel, float loudest)
{
    const bool silent = channel->peak < SILENT;
    channel->sounds |= !silent;
    if (!silent && !isnan(channel->start_s))
        end_silence(meter, channel, meter->window_s);
    if (silent && isnan(channel->start_s)) {
        channel->start_s = meter->window_s;
        channel->others = 0;
    }
    channel->others = fmaxf(channel->others, loudest);
    channel->peak = 0;
}

static void end_window(struct dropouts_meter *meter)
{
    float loudest = 0;
    for (int c = 0; c < meter->count; c++)
        loudest = fmaxf(loudest, meter->channels[c].peak);
    for (int c = 0; c < meter->count; c++)
        judge(meter, &meter->channels[c], loudest);
    meter->filled = 0;
}

static float peak_of(const float *samples, int count, float peak)
{
    for (int i = 0; i < count; i++)
        peak = fabsf(samples[i]) > peak ? fabsf(samples[i]) : peak;
    return peak;
}

void dropouts_meter_feed(struct dropouts_meter *meter, const float *const *channel, int frames,
                         double at_s)
{
    for (int done = 0, count; done < frames; done += count) {
        count = MIN(frames - done, meter->window - meter->filled);
        if (meter->filled == 0)
            meter->window_s = at_s + (double)done / meter->rate;
        for (int c = 0; c < meter->count; c++)
            meter->channels[c].peak = peak_of(channel[c] + done, count, meter->channels[c].peak);
        meter->filled += count;
        if (meter->filled == meter->window)
            end_window(meter);
    }
}

static gint by_start(gconstpointer a, gconstpointer b)
{
    const double one = ((const struct span *)a)->start_s, other = ((const struct span *)b)->start_s;
    return (one > other) - (one < other);
}

void dropouts_meter_read(struct dropouts_meter *meter, double end_s, struct facts *facts)
{
    for (int c = 0; c < meter->count; c++)
        if (meter->channels[c].sounds && !isnan(meter->channels[c].start_s))
            end_silence(meter, &meter->channels[c], end_s);
    g_array_sort(meter->spans.found, by_start);
    spans_read(&meter->spans, end_s, &facts->dropouts);
}
