/* SPDX-License-Identifier: GPL-3.0-or-later
 * Metering of frames. */
#include "metering.h"

#include <math.h>

bool metering_hears(enum AVSampleFormat format)
{
    return format == AV_SAMPLE_FMT_FLTP || format == AV_SAMPLE_FMT_S16P ||
           format == AV_SAMPLE_FMT_S32P;
}

static void make_room(struct metering *metering, int frames)
{
    size_t channels = (size_t)metering->channels;
    if (frames <= metering->room)
        return;
    metering->room = frames;
    if (!metering->planes)
        metering->planes = g_new0(float *, channels);
    metering->planes[0] = g_renew(float, metering->planes[0], (size_t)frames *channels);
    for (size_t c = 1; c < channels; c++)
        metering->planes[c] = metering->planes[0] + c * (size_t)frames;
}

static void small_to_floats(const int16_t *from, float *to, int count)
{
    for (int i = 0; i < count; i++)
        to[i] = from[i] * 0x1p-15F;
}

/* Rounded once. */
static void whole_to_floats(const int32_t *from, float *to, int count)
{
    for (int i = 0; i < count; i++)
        to[i] = (float)from[i] * 0x1p-31F;
}

static const float *const *floats_of(struct metering *metering, const AVFrame *frame)
{
    if (frame->format == AV_SAMPLE_FMT_FLTP)
        return (const float *const *)frame->extended_data;
    make_room(metering, frame->nb_samples);
    for (int c = 0; c < metering->channels; c++) {
        const void *plane = frame->extended_data[c];
        if (frame->format == AV_SAMPLE_FMT_S16P)
            small_to_floats(plane, metering->planes[c], frame->nb_samples);
        else
            whole_to_floats(plane, metering->planes[c], frame->nb_samples);
    }
    return (const float *const *)metering->planes;
}

bool metering_take(struct metering *metering, const AVFrame *frame, struct failure *failure)
{
    if (!metering->meter) {
        metering->rate = frame->sample_rate;
        metering->channels = frame->ch_layout.nb_channels;
        metering->meter = loudness_meter_create(frame->sample_rate, &frame->ch_layout, failure);
    }
    metering->samples += frame->nb_samples;
    return metering->meter && loudness_meter_feed(metering->meter, floats_of(metering, frame),
                                                  frame->nb_samples, failure);
}

void metering_read(const struct metering *metering, struct facts *facts)
{
    loudness_to_facts(metering->meter, facts);
    facts->measured = true;
    facts->audio_tracks = metering->meter ? 1 : 0;
    facts->channels = metering->channels;
    facts->sample_rate = metering->rate;
    facts->decoded_samples = metering->samples;
    facts->decoded_audio_s = metering->rate ? (double)metering->samples / metering->rate : 0;
}

void metering_clear(struct metering *metering)
{
    loudness_meter_destroy(metering->meter);
    if (metering->planes)
        g_free(metering->planes[0]);
    g_free(metering->planes);
    *metering = (struct metering){0};
}
