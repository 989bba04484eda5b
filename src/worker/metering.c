/* SPDX-License-Identifier: GPL-3.0-or-later
 * Metering of frames. */
#include "metering.h"

#include <math.h>

bool metering_take(struct metering *metering, const AVFrame *frame, struct failure *failure)
{
    if (!metering->meter) {
        metering->rate = frame->sample_rate;
        metering->channels = frame->ch_layout.nb_channels;
        metering->meter = loudness_meter_create(frame->sample_rate, &frame->ch_layout, failure);
    }
    metering->samples += frame->nb_samples;
    return metering->meter &&
           loudness_meter_feed(metering->meter, (const float *const *)frame->extended_data,
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
    *metering = (struct metering){0};
}
