/* SPDX-License-Identifier: GPL-3.0-or-later
 * Channels against one another. */
#include "channels.h"

#include <math.h>

enum { NAME_SIZE = 32 };
static const float AUDIBLE = 0.001F;
static const double LOW_HZ = 1000, LOW_ALIKE = 1e-4, ALIKE = 0.063;

void channels_meter_init(struct channels_meter *meter, int rate, const AVChannelLayout *layout)
{
    const gsize count = (gsize)layout->nb_channels;
    *meter = (struct channels_meter){.channels = g_new0(struct channel_sums, count),
                                     .apart = g_new0(double, count *count),
                                     .low_apart = g_new0(double, count *count),
                                     .low = g_new0(float *, count),
                                     .step = 1 - exp(-2 * G_PI * LOW_HZ / rate)};
    av_channel_layout_copy(&meter->layout, layout);
}

void channels_meter_clear(struct channels_meter *meter)
{
    for (int c = 0; c < meter->layout.nb_channels; c++)
        g_free(meter->low[c]);
    g_free(meter->low);
    g_free(meter->channels);
    g_free(meter->apart);
    g_free(meter->low_apart);
    av_channel_layout_uninit(&meter->layout);
}

static void feed_channel(struct channel_sums *sums, const float *samples, int frames)
{
    for (int i = 0; i < frames; i++) {
        const double sample = (double)samples[i];
        sums->sum += sample;
        sums->energy += sample * sample;
        sums->peak = fmaxf(sums->peak, fabsf(samples[i]));
    }
}

static void low_pass(struct channel_sums *sums, double step, const float *samples, float *low,
                     int frames)
{
    for (int i = 0; i < frames; i++) {
        sums->pole[0] += step * ((double)samples[i] - sums->pole[0]);
        sums->pole[1] += step * (sums->pole[0] - sums->pole[1]);
        sums->low_energy += sums->pole[1] * sums->pole[1];
        low[i] = (float)sums->pole[1];
    }
}

static double apart(const float *a, const float *b, int frames)
{
    double energy = 0;
    for (int i = 0; i < frames; i++) {
        const double difference = (double)(a[i] - b[i]);
        energy += difference * difference;
    }
    return energy;
}

static void make_room(struct channels_meter *meter, int frames)
{
    if (frames <= meter->room)
        return;
    for (int c = 0; c < meter->layout.nb_channels; c++)
        meter->low[c] = g_renew(float, meter->low[c], (gsize)frames);
    meter->room = frames;
}

void channels_meter_feed(struct channels_meter *meter, const float *const *channel, int frames)
{
    const int count = meter->layout.nb_channels;
    make_room(meter, frames);
    for (int c = 0; c < count; c++) {
        feed_channel(&meter->channels[c], channel[c], frames);
        low_pass(&meter->channels[c], meter->step, channel[c], meter->low[c], frames);
        for (int before = 0; before < c; before++) {
            meter->apart[c * count + before] += apart(channel[c], channel[before], frames);
            meter->low_apart[c * count + before] +=
                apart(meter->low[c], meter->low[before], frames);
        }
    }
    meter->frames += frames;
}

static bool is_silent(const struct channels_meter *meter, int channel)
{
    return meter->channels[channel].peak < AUDIBLE;
}

static bool are_same(const struct channels_meter *meter, int channel, int before)
{
    const struct channel_sums *sums = &meter->channels[channel];
    const int pair = channel * meter->layout.nb_channels + before;
    return !is_silent(meter, channel) && !is_silent(meter, before) &&
           meter->apart[pair] <= ALIKE * sums->energy &&
           meter->low_apart[pair] <= LOW_ALIKE * sums->low_energy;
}

static void add_name(const struct channels_meter *meter, int channel, GString *list)
{
    char name[NAME_SIZE] = "";
    enum AVChannel place = av_channel_layout_channel_from_index(&meter->layout, (unsigned)channel);
    if (place == AV_CHAN_NONE || av_channel_name(name, sizeof name, place) < 0)
        g_snprintf(name, sizeof name, "%d", channel + 1);
    g_string_append(list, name);
}

static char *silent_ones(const struct channels_meter *meter)
{
    GString *list = g_string_new(NULL);
    int silent = 0;
    for (int c = 0; c < meter->layout.nb_channels; c++) {
        if (!is_silent(meter, c))
            continue;
        g_string_append(list, silent++ ? ", " : "");
        add_name(meter, c, list);
    }
    if (silent == meter->layout.nb_channels)
        g_string_truncate(list, 0);
    return g_string_free(list, FALSE);
}

/* Each with the first that it is like. */
static char *same_ones(const struct channels_meter *meter)
{
    GString *list = g_string_new(NULL);
    for (int c = 0; c < meter->layout.nb_channels; c++) {
        int before = 0;
        while (before < c && !are_same(meter, c, before))
            before++;
        if (before == c)
            continue;
        g_string_append(list, list->len ? ", " : "");
        add_name(meter, before, list);
        g_string_append_c(list, '=');
        add_name(meter, c, list);
    }
    return g_string_free(list, FALSE);
}

void channels_meter_read(const struct channels_meter *meter, struct facts *facts)
{
    double offset = 0;
    for (int c = 0; c < meter->layout.nb_channels; c++)
        if (fabs(meter->channels[c].sum) > fabs(offset))
            offset = meter->channels[c].sum;
    g_free(facts->silent_channels);
    g_free(facts->identical_channels);
    facts->silent_channels = silent_ones(meter);
    facts->identical_channels = same_ones(meter);
    facts->dc_offset_percent = 100 * offset / (double)MAX(meter->frames, 1);
}
