/* SPDX-License-Identifier: GPL-3.0-or-later
 * The meter of silence. */
#include "media/meter.h"

#include <math.h>

static const double SILENCE = 0.001;

struct silence_meter {
    int rate, channels;
    GArray *spans;
    double least_s;
    double start_s, end_s; /* of the silence at hand; start NAN when none */
};

struct silence_meter *silence_meter_create(int rate, int channels)
{
    struct silence_meter *meter = g_new(struct silence_meter, 1);
    *meter = (struct silence_meter){rate,
                                    channels,
                                    g_array_new(FALSE, FALSE, sizeof(struct span)),
                                    fact_find("silence")->least_s,
                                    NAN,
                                    NAN};
    return meter;
}

void silence_meter_destroy(struct silence_meter *meter)
{
    if (!meter)
        return;
    g_array_unref(meter->spans);
    g_free(meter);
}

static void end_silence(struct silence_meter *meter)
{
    struct span span = {meter->start_s, meter->end_s};
    if (span.end_s - span.start_s >= meter->least_s - 1e-6)
        g_array_append_val(meter->spans, span);
    meter->start_s = NAN;
}

void silence_meter_feed(struct silence_meter *meter, const float *const *channel, int frames,
                        double at_s)
{
    for (int i = 0; i < frames; i++) {
        bool silent = true;
        for (int c = 0; c < meter->channels && silent; c++)
            silent = fabsf(channel[c][i]) < SILENCE;
        if (silent && isnan(meter->start_s))
            meter->start_s = at_s + (double)i / meter->rate;
        else if (!silent && !isnan(meter->start_s)) {
            meter->end_s = at_s + (double)i / meter->rate;
            end_silence(meter);
        }
    }
    meter->end_s = at_s + (double)frames / meter->rate;
}

GArray *silence_meter_read(struct silence_meter *meter)
{
    if (!isnan(meter->start_s))
        end_silence(meter);
    return g_array_copy(meter->spans);
}
