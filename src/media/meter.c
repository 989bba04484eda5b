/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters of sound: loudness and silence. */
#include "media/meter.h"

#include "true_peak.h"

#include <ebur128.h>
#include <math.h>

enum { BLOCK_MS = 10, MOMENTARY_BLOCKS = 40, SHORT_TERM_BLOCKS = 300 };

static const double SILENCE = 0.001, SILENCE_S = 1;

/* The energy of the last blocks of 10 ms: what momentary and short-term loudness are means of. */
struct loudness_meter {
    ebur128_state *state;
    struct true_peak *peak;
    int channels, block;
    float *interleaved; /* one block */
    int filled;
    double energy[SHORT_TERM_BLOCKS];
    int64_t blocks;
    double max_momentary, max_short_term; /* energies */
};

/* BS.1770-4 weighs places at 60 to 120 degrees. Rear channels are at 110 when there are no side
 * ones (5.1, quad), else at 135. */
static int place(enum AVChannel channel, bool has_sides)
{
    switch (channel) {
    case AV_CHAN_FRONT_LEFT:
    case AV_CHAN_STEREO_LEFT:
        return EBUR128_LEFT;
    case AV_CHAN_FRONT_RIGHT:
    case AV_CHAN_STEREO_RIGHT:
        return EBUR128_RIGHT;
    case AV_CHAN_LOW_FREQUENCY:
    case AV_CHAN_LOW_FREQUENCY_2:
        return EBUR128_UNUSED;
    case AV_CHAN_SIDE_LEFT:
        return EBUR128_Mp090;
    case AV_CHAN_SIDE_RIGHT:
        return EBUR128_Mm090;
    case AV_CHAN_WIDE_LEFT:
        return EBUR128_Mp060;
    case AV_CHAN_WIDE_RIGHT:
        return EBUR128_Mm060;
    case AV_CHAN_BACK_LEFT:
        return has_sides ? EBUR128_Mp135 : EBUR128_LEFT_SURROUND;
    case AV_CHAN_BACK_RIGHT:
        return has_sides ? EBUR128_Mm135 : EBUR128_RIGHT_SURROUND;
    case AV_CHAN_BACK_CENTER:
        return EBUR128_Mp180;
    default:
        return EBUR128_CENTER;
    }
}

static bool set_places(ebur128_state *state, const AVChannelLayout *given)
{
    AVChannelLayout layout = {0};
    if (given->order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&layout, given->nb_channels);
    else if (av_channel_layout_copy(&layout, given) < 0)
        return false;
    bool has_sides = av_channel_layout_index_from_channel(&layout, AV_CHAN_SIDE_LEFT) >= 0;
    bool good = true;
    for (int i = 0; i < given->nb_channels; i++) {
        enum AVChannel channel = av_channel_layout_channel_from_index(&layout, (unsigned)i);
        good &= ebur128_set_channel(state, (unsigned)i, place(channel, has_sides)) == 0;
    }
    av_channel_layout_uninit(&layout);
    return good;
}

struct loudness_meter *loudness_meter_create(int rate, const AVChannelLayout *layout, bool range,
                                             struct failure *failure)
{
    int channels = layout->nb_channels;
    if (channels < 1 || channels > 64 || rate < 100 || rate > 2822400) {
        fail(failure, FAIL_UNSUPPORTED, "%d channels at %d Hz can't be metered", channels, rate);
        return NULL;
    }
    int mode = EBUR128_MODE_I | (range ? EBUR128_MODE_LRA : 0);
    ebur128_state *state = ebur128_init((unsigned)channels, (unsigned long)rate, mode);
    if (!state || !set_places(state, layout)) {
        fail(failure, FAIL_MEMORY, "out of memory for the loudness meter");
        if (state)
            ebur128_destroy(&state);
        return NULL;
    }
    struct loudness_meter *meter = g_new0(struct loudness_meter, 1);
    meter->state = state;
    meter->peak = true_peak_create(channels);
    meter->channels = channels;
    meter->block = MAX(rate * BLOCK_MS / 1000, 1);
    meter->interleaved = g_new(float, (gsize)meter->block *(gsize)channels);
    return meter;
}

void loudness_meter_destroy(struct loudness_meter *meter)
{
    if (!meter)
        return;
    ebur128_destroy(&meter->state);
    true_peak_destroy(meter->peak);
    g_free(meter->interleaved);
    g_free(meter);
}

static double mean_energy(const struct loudness_meter *meter, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += meter->energy[(meter->blocks - 1 - i) % SHORT_TERM_BLOCKS];
    return sum / count;
}

static bool end_block(struct loudness_meter *meter, struct failure *failure)
{
    double lufs = -HUGE_VAL;
    if (ebur128_add_frames_float(meter->state, meter->interleaved, (size_t)meter->filled))
        return fail(failure, FAIL_MEMORY, "out of memory for the loudness meter");
    bool full = meter->filled == meter->block;
    meter->filled = 0;
    if (!full || ebur128_loudness_window(meter->state, BLOCK_MS, &lufs))
        return true;
    meter->energy[meter->blocks++ % SHORT_TERM_BLOCKS] = pow(10, (lufs + 0.691) / 10);
    if (meter->blocks >= MOMENTARY_BLOCKS)
        meter->max_momentary = fmax(meter->max_momentary, mean_energy(meter, MOMENTARY_BLOCKS));
    if (meter->blocks >= SHORT_TERM_BLOCKS)
        meter->max_short_term = fmax(meter->max_short_term, mean_energy(meter, SHORT_TERM_BLOCKS));
    return true;
}

bool loudness_meter_feed(struct loudness_meter *meter, const float *const *channel, int frames,
                         struct failure *failure)
{
    true_peak_feed(meter->peak, channel, frames);
    for (int done = 0; done < frames;) {
        int take = MIN(frames - done, meter->block - meter->filled);
        float *out = meter->interleaved + (gsize)meter->filled * (gsize)meter->channels;
        for (int c = 0; c < meter->channels; c++)
            for (int i = 0; i < take; i++)
                out[i * meter->channels + c] = channel[c][done + i];
        meter->filled += take;
        done += take;
        if (meter->filled == meter->block && !end_block(meter, failure))
            return false;
    }
    return true;
}

static double lufs_of(double energy)
{
    return energy > 0 ? 10 * log10(energy) - 0.691 : NAN;
}

static double decibels(float peak)
{
    return peak > 0 ? 20 * log10(peak) : NAN;
}

void loudness_meter_read(struct loudness_meter *meter, struct loudness *out)
{
    if (meter->filled)
        end_block(meter, NULL);
    *out = (struct loudness){NAN, NAN, NAN, NAN, NAN, NAN};
    double value;
    if (ebur128_loudness_global(meter->state, &value) == 0 && isfinite(value))
        out->integrated_lufs = value;
    if (!isnan(out->integrated_lufs) && meter->blocks >= SHORT_TERM_BLOCKS &&
        ebur128_loudness_range(meter->state, &value) == 0)
        out->lra_lu = value;
    struct peaks peaks = true_peak_read(meter->peak);
    out->true_peak_dbtp = decibels(peaks.true_peak);
    out->sample_peak_dbfs = decibels(peaks.sample_peak);
    out->max_momentary_lufs = lufs_of(meter->max_momentary);
    out->max_short_term_lufs = lufs_of(meter->max_short_term);
}

struct silence_meter {
    int rate, channels;
    GArray *spans;
    double start_s, end_s; /* of the silence at hand; start NAN when none */
};

struct silence_meter *silence_meter_create(int rate, int channels)
{
    struct silence_meter *meter = g_new(struct silence_meter, 1);
    *meter = (struct silence_meter){rate, channels, g_array_new(FALSE, FALSE, sizeof(struct span)),
                                    NAN, NAN};
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
    if (span.end_s - span.start_s >= SILENCE_S - 1e-6)
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
