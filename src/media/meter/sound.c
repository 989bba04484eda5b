/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sound track through all meters. */
#include "sound.h"

#include "media/frame.h"
#include "media/glance.h"

static const double LATE_S = 0.04;

void sound_meter_init(struct sound_meter *meter, int stream)
{
    *meter = (struct sound_meter){.stream = stream, .floats = frame_new()};
    times_meter_init(&meter->times);
}

void sound_meter_clear(struct sound_meter *meter)
{
    if (meter->silence) {
        clip_meter_clear(&meter->clip);
        phase_meter_clear(&meter->phase);
        channels_meter_clear(&meter->channels);
        dropouts_meter_clear(&meter->dropouts);
    }
    silence_meter_destroy(meter->silence);
    loudness_meter_destroy(meter->loudness);
    times_meter_clear(&meter->times);
    swr_free(&meter->convert);
    av_frame_free(&meter->floats);
    av_channel_layout_uninit(&meter->layout);
}

static void begin_meters(struct sound_meter *meter, const AVFrame *frame)
{
    const int channels = meter->layout.nb_channels;
    meter->silence = silence_meter_create(meter->rate, channels);
    clip_meter_init(&meter->clip, meter->rate, channels,
                    av_get_bytes_per_sample(frame->format) == 1);
    phase_meter_init(&meter->phase, meter->rate, &meter->layout);
    channels_meter_init(&meter->channels, meter->rate, &meter->layout);
    dropouts_meter_init(&meter->dropouts, meter->rate, channels);
}

static bool begin(struct sound_meter *meter, const AVFrame *frame, struct failure *failure)
{
    if (meter->rate)
        return true;
    meter->rate = frame->sample_rate;
    meter->convert = swr_alloc();
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&meter->layout, frame->ch_layout.nb_channels);
    else if (av_channel_layout_copy(&meter->layout, &frame->ch_layout) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    if (!meter->convert)
        return fail(failure, FAIL_MEMORY, "out of memory");
    if (!meter->metered)
        return true;
    begin_meters(meter, frame);
    if (meter->levels)
        meter->loudness = loudness_meter_create(meter->rate, &meter->layout, failure);
    return meter->loudness || !meter->levels;
}

static bool to_floats(struct sound_meter *meter, AVFrame *frame, struct failure *failure)
{
    av_frame_unref(meter->floats);
    meter->floats->format = AV_SAMPLE_FMT_FLTP;
    meter->floats->sample_rate = meter->rate;
    int error = av_channel_layout_copy(&meter->floats->ch_layout, &meter->layout);
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC &&
        frame->ch_layout.nb_channels == meter->layout.nb_channels)
        error = av_channel_layout_copy(&frame->ch_layout, &meter->layout);
    if (error >= 0)
        error = swr_convert_frame(meter->convert, meter->floats, frame);
    if (error == AVERROR_INPUT_CHANGED || error == AVERROR_OUTPUT_CHANGED) {
        swr_close(meter->convert);
        error = swr_convert_frame(meter->convert, meter->floats, frame);
    }
    return error >= 0 ||
           fail(failure, FAIL_UNSUPPORTED, "the sound can't be metered: %s", av_err2str(error));
}

bool sound_meter_feed(struct sound_meter *meter, AVFrame *frame, double at_s,
                      struct failure *failure)
{
    meter->samples += frame->nb_samples;
    times_meter_feed(&meter->times, at_s, (double)frame->nb_samples / frame->sample_rate, LATE_S);
    if (!meter->metered && !meter->glance)
        return true;
    if (!begin(meter, frame, failure) || !to_floats(meter, frame, failure))
        return false;
    const float *const *channel = (const float *const *)meter->floats->extended_data;
    const int frames = meter->floats->nb_samples;
    if (meter->glance)
        glance_meter_sound(meter->glance, channel, meter->layout.nb_channels, frames, meter->rate);
    if (!meter->metered)
        return true;
    silence_meter_feed(meter->silence, channel, frames, at_s);
    clip_meter_feed(&meter->clip, channel, frames, at_s);
    phase_meter_feed(&meter->phase, channel, frames, at_s);
    channels_meter_feed(&meter->channels, channel, frames);
    dropouts_meter_feed(&meter->dropouts, channel, frames, at_s);
    return !meter->loudness || loudness_meter_feed(meter->loudness, channel, frames, failure);
}

static void read_levels(struct sound_meter *meter, struct facts *facts)
{
    loudness_to_facts(meter->loudness, facts);
    if (meter->glance)
        loudness_to_curve(meter->loudness, glance_meter_loudness(meter->glance));
    g_clear_pointer(&facts->gated_blocks, g_free); /* groups measure for themselves */
}

void sound_meter_read(struct sound_meter *meter, struct facts *facts)
{
    const double end_s = meter->times.end_s;
    facts->decoded_samples = meter->samples;
    if (meter->samples)
        spans_read(&meter->times.gaps, end_s, &facts->sound_gaps);
    if (meter->loudness)
        read_levels(meter, facts);
    if (!meter->silence)
        return;
    g_clear_pointer(&facts->silence, g_array_unref);
    facts->silence = silence_meter_read(meter->silence);
    clip_meter_read(&meter->clip, end_s, facts);
    phase_meter_read(&meter->phase, end_s, facts);
    channels_meter_read(&meter->channels, facts);
    dropouts_meter_read(&meter->dropouts, end_s, facts);
}
