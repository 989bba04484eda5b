/* SPDX-License-Identifier: GPL-3.0-or-later
 * The meter of loudness, peaks and levels: all that is fed with blocks of 10 ms. */
#include "media/meter.h"

#include "../signal/true_peak.h"
#include "level.h"
#include "windows.h"

#include <ebur128.h>
#include <math.h>
#include <string.h>

enum { BLOCKS_A_SECOND = 100, BLOCK_MS = 10 };

struct loudness_meter {
    ebur128_state *state;
    struct true_peak *peak;
    struct windows *windows;
    struct levels *levels;
    int rate, channels;
    int64_t blocks; /* ended; each ends at the sample nearest to its time, from below */
    int block;      /* samples of the one at hand */
    int filled;
    float **planes, *interleaved; /* one block, of finite samples */
};

/* BS.1770-4 weighs places at 60 to 120 degrees. Rear channels are at 110 when there are no side
 * ones (5.1, quad), else at 135; the front ones of 22.2 are at 60 (BS.2051). */
static int place(enum AVChannel channel, bool has_sides, bool wide)
{
    switch (channel) {
    case AV_CHAN_FRONT_LEFT:
        return wide ? EBUR128_Mp060 : EBUR128_LEFT;
    case AV_CHAN_FRONT_RIGHT:
        return wide ? EBUR128_Mm060 : EBUR128_RIGHT;
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
    bool wide = !av_channel_layout_compare(&layout, &(AVChannelLayout)AV_CHANNEL_LAYOUT_22POINT2);
    bool good = true;
    for (int i = 0; i < given->nb_channels; i++) {
        enum AVChannel channel = av_channel_layout_channel_from_index(&layout, (unsigned)i);
        good &= ebur128_set_channel(state, (unsigned)i, place(channel, has_sides, wide)) == 0;
    }
    av_channel_layout_uninit(&layout);
    return good;
}

static int block_length(const struct loudness_meter *meter)
{
    return (int)((meter->blocks + 1) * meter->rate / BLOCKS_A_SECOND -
                 meter->blocks * meter->rate / BLOCKS_A_SECOND);
}

static void open_blocks(struct loudness_meter *meter)
{
    gsize longest = (gsize)(meter->rate / BLOCKS_A_SECOND + 1), count = (gsize)meter->channels;
    meter->block = block_length(meter);
    meter->planes = g_new(float *, count);
    meter->planes[0] = g_new(float, longest *count);
    for (gsize c = 1; c < count; c++)
        meter->planes[c] = meter->planes[0] + c * longest;
    meter->interleaved = g_new(float, longest *count);
}

struct loudness_meter *loudness_meter_create(int rate, const AVChannelLayout *layout,
                                             struct failure *failure)
{
    int channels = layout->nb_channels;
    if (channels < 1 || channels > 64 || rate < BLOCKS_A_SECOND || rate > 2822400) {
        fail(failure, FAIL_UNSUPPORTED, "%d channels at %d Hz can't be metered", channels, rate);
        return NULL;
    }
    ebur128_state *state = ebur128_init((unsigned)channels, (unsigned long)rate, EBUR128_MODE_I);
    if (!state || !set_places(state, layout)) {
        fail(failure, FAIL_MEMORY, "out of memory for the loudness meter");
        if (state)
            ebur128_destroy(&state);
        return NULL;
    }
    struct loudness_meter *meter = g_new0(struct loudness_meter, 1);
    meter->state = state;
    meter->rate = rate;
    meter->channels = channels;
    meter->peak = true_peak_create(channels);
    meter->windows = windows_create();
    meter->levels = levels_create(channels);
    open_blocks(meter);
    return meter;
}

void loudness_meter_destroy(struct loudness_meter *meter)
{
    if (!meter)
        return;
    ebur128_destroy(&meter->state);
    true_peak_destroy(meter->peak);
    windows_destroy(meter->windows);
    levels_destroy(meter->levels);
    g_free(meter->planes[0]);
    g_free(meter->planes);
    g_free(meter->interleaved);
    g_free(meter);
}

/* Most sound is stereo, which the compiler makes a few instructions of. */
static void interleave_two(float *restrict to, const float *restrict left,
                           const float *restrict right, int frames)
{
    for (int i = 0; i < frames; i++) {
        to[2 * i] = left[i];
        to[2 * i + 1] = right[i];
    }
}

static void interleave(struct loudness_meter *meter)
{
    const int channels = meter->channels;
    if (channels == 2) {
        interleave_two(meter->interleaved, meter->planes[0], meter->planes[1], meter->filled);
        return;
    }
    for (int c = 0; c < channels; c++)
        for (int i = 0; i < meter->filled; i++)
            meter->interleaved[i * channels + c] = meter->planes[c][i];
}

static bool feed_block(struct loudness_meter *meter, struct failure *failure)
{
    true_peak_feed(meter->peak, (const float *const *)meter->planes, meter->filled);
    interleave(meter);
    return ebur128_add_frames_float(meter->state, meter->interleaved, (size_t)meter->filled) ==
               EBUR128_SUCCESS ||
           fail(failure, FAIL_MEMORY, "out of memory for the loudness meter");
}

static bool end_block(struct loudness_meter *meter, struct failure *failure)
{
    double lufs;
    if (!feed_block(meter, failure))
        return false;
    levels_add(meter->levels, (const float *const *)meter->planes, meter->filled);
    if (ebur128_loudness_window(meter->state, BLOCK_MS, &lufs) == EBUR128_SUCCESS)
        windows_add(meter->windows, pow(10, (lufs + 0.691) / 10));
    meter->filled = 0;
    meter->blocks++;
    meter->block = block_length(meter);
    return true;
}

/* What is no finite number is silence. */
static void take(float *restrict plane, const float *restrict samples, int count)
{
    for (int i = 0; i < count; i++)
        plane[i] = samples[i] - samples[i] == 0 ? samples[i] : 0;
}

bool loudness_meter_feed(struct loudness_meter *meter, const float *const *channel, int frames,
                         struct failure *failure)
{
    for (int done = 0; done < frames;) {
        int count = MIN(frames - done, meter->block - meter->filled);
        for (int c = 0; c < meter->channels; c++)
            take(meter->planes[c] + meter->filled, channel[c] + done, count);
        meter->filled += count;
        done += count;
        if (meter->filled == meter->block && !end_block(meter, failure))
            return false;
    }
    return true;
}

static double decibels(float peak)
{
    return peak > 0 && isfinite(peak) ? 20 * log10(peak) : NAN;
}

static void end_rest(struct loudness_meter *meter)
{
    if (!meter->filled)
        return;
    feed_block(meter, NULL);
    levels_add_rest(meter->levels, (const float *const *)meter->planes, meter->filled);
    meter->filled = 0;
}

void loudness_meter_read(struct loudness_meter *meter, struct loudness *out)
{
    double lufs;
    end_rest(meter);
    struct peaks peaks = true_peak_read(meter->peak);
    *out = (struct loudness){
        .integrated_lufs = NAN,
        .lra_lu = windows_range_lu(meter->windows),
        .lra_stable = windows_range_stable(meter->windows),
        .true_peak_dbtp = decibels(peaks.true_peak),
        .sample_peak_dbfs = decibels(peaks.sample_peak),
        .max_momentary_lufs = windows_momentary_lufs(meter->windows),
        .max_short_term_lufs = windows_short_term_lufs(meter->windows),
        .rms_dbfs = levels_rms_dbfs(meter->levels),
        .noise_floor_dbfs = levels_floor_dbfs(meter->levels),
        .gated = windows_gated(meter->windows),
    };
    if (ebur128_loudness_global(meter->state, &lufs) == EBUR128_SUCCESS && isfinite(lufs))
        out->integrated_lufs = lufs;
}

void loudness_to_facts(struct loudness_meter *meter, struct facts *facts)
{
    struct loudness loudness;
    if (!meter)
        return;
    loudness_meter_read(meter, &loudness);
    facts->integrated_lufs = loudness.integrated_lufs;
    facts->lra_lu = loudness.lra_lu;
    facts->lra_stable = loudness.lra_stable;
    facts->true_peak_dbtp = loudness.true_peak_dbtp;
    facts->sample_peak_dbfs = loudness.sample_peak_dbfs;
    facts->max_momentary_lufs = loudness.max_momentary_lufs;
    facts->max_short_term_lufs = loudness.max_short_term_lufs;
    facts->rms_dbfs = loudness.rms_dbfs;
    facts->noise_floor_dbfs = loudness.noise_floor_dbfs;
    g_free(facts->gated_blocks);
    facts->gated_blocks = gated_text(loudness.gated);
}

void loudness_to_curve(const struct loudness_meter *meter, struct curve *curve)
{
    windows_curve(meter->windows, curve);
}
