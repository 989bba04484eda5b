/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two sounds: a null test, and their envelopes. */
#include "comparison_private.h"

#include "media/frame.h"

#include <libswresample/swresample.h>
#include <math.h>
#include <string.h>

enum { ENVELOPE_HZ = 1000, LAG = 1000, MINUTES = 10, LEAST_CORRELATED_PERCENT = 50 };

/* One of the two: what was decoded and isn't compared yet, and what its envelope is so far. */
struct ear {
    struct source *source;
    SwrContext *convert;
    AVFrame *floats;
    AVChannelLayout layout;
    int rate, channels;
    GArray **waiting; /* float, of each channel */
    int64_t position; /* of the sample behind them */
    bool ended;
    GArray *envelope; /* float: the RMS of a millisecond */
    double squares;
    int64_t slot;
};

static bool ear_open(struct ear *ear, struct source *source, struct failure *failure)
{
    const int stream = source_sound(source);
    const AVCodecParameters *codec = source_stream(source, stream)->av->codecpar;
    *ear = (struct ear){.source = source,
                        .convert = swr_alloc(),
                        .floats = frame_new(),
                        .rate = codec->sample_rate,
                        .channels = codec->ch_layout.nb_channels,
                        .envelope = g_array_new(FALSE, FALSE, sizeof(float))};
    if (codec->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&ear->layout, ear->channels);
    else if (av_channel_layout_copy(&ear->layout, &codec->ch_layout) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    ear->waiting = g_new0(GArray *, (gsize)ear->channels);
    for (int c = 0; c < ear->channels; c++)
        ear->waiting[c] = g_array_new(FALSE, TRUE, sizeof(float));
    return source_use(source, stream, SOURCE_DECODE, failure);
}

static void ear_close(struct ear *ear)
{
    swr_free(&ear->convert);
    av_frame_free(&ear->floats);
    av_channel_layout_uninit(&ear->layout);
    for (int c = 0; ear->waiting && c < ear->channels; c++)
        g_array_unref(ear->waiting[c]);
    g_free(ear->waiting);
    if (ear->envelope)
        g_array_unref(ear->envelope);
}

static void end_slot(struct ear *ear, int64_t samples)
{
    const float rms = (float)sqrt(ear->squares / (double)MAX(samples, 1));
    if (ear->envelope->len < MINUTES * 60 * ENVELOPE_HZ)
        g_array_append_val(ear->envelope, rms);
    ear->squares = 0;
    ear->slot++;
}

static void follow(struct ear *ear, const float *const *channel, int samples)
{
    for (int i = 0; i < samples; i++) {
        const int64_t slot = (ear->position + i) * ENVELOPE_HZ / ear->rate;
        while (ear->slot < slot)
            end_slot(ear, ear->rate / ENVELOPE_HZ);
        for (int c = 0; c < ear->channels; c++)
            ear->squares += (double)channel[c][i] * channel[c][i];
    }
}

/* What starts later than the file has silence before it. */
static void lead_in(struct ear *ear, double time_s)
{
    const int64_t late = ear->position ? 0 : (int64_t)llround(time_s * ear->rate);
    if (late <= 0)
        return;
    for (int c = 0; c < ear->channels; c++)
        g_array_set_size(ear->waiting[c], ear->waiting[c]->len + (guint)late);
    ear->position += late;
}

static bool take(struct ear *ear, AVFrame *frame, double time_s, struct failure *failure)
{
    av_frame_unref(ear->floats);
    ear->floats->format = AV_SAMPLE_FMT_FLTP;
    ear->floats->sample_rate = ear->rate;
    int error = av_channel_layout_copy(&ear->floats->ch_layout, &ear->layout);
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC && error >= 0)
        error = av_channel_layout_copy(&frame->ch_layout, &ear->layout);
    if (error >= 0)
        error = swr_convert_frame(ear->convert, ear->floats, frame);
    if (error < 0)
        return fail(failure, FAIL_UNSUPPORTED, "the sound can't be compared: %s",
                    av_err2str(error));
    const float *const *channel = (const float *const *)ear->floats->extended_data;
    lead_in(ear, time_s);
    follow(ear, channel, ear->floats->nb_samples);
    for (int c = 0; c < ear->channels; c++)
        g_array_append_vals(ear->waiting[c], channel[c], (guint)ear->floats->nb_samples);
    ear->position += ear->floats->nb_samples;
    return true;
}

/* One frame more, or the end. */
static bool listen(struct ear *ear, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(ear->source, &item, failure)) == SOURCE_PACKET)
        ;
    ear->ended = got == SOURCE_END;
    return got == SOURCE_END ||
           (got == SOURCE_FRAME && take(ear, item.frame, item.time_s, failure));
}

struct residue {
    double squares;
    int64_t samples;
};

/* What both have, channel by channel; of one that has ended the rest is silence. */
static void subtract(struct ear *a, struct ear *b, struct residue *residue)
{
    const guint of_a = a->waiting[0]->len, of_b = b->waiting[0]->len;
    const guint count = a->ended ? of_b : b->ended ? of_a : MIN(of_a, of_b);
    for (int c = 0; c < a->channels; c++) {
        for (guint i = 0; i < count; i++) {
            const double one = i < of_a ? g_array_index(a->waiting[c], float, i) : 0;
            const double other = i < of_b ? g_array_index(b->waiting[c], float, i) : 0;
            residue->squares += (other - one) * (other - one);
        }
        g_array_remove_range(a->waiting[c], 0, MIN(count, of_a));
        g_array_remove_range(b->waiting[c], 0, MIN(count, of_b));
    }
    residue->samples += (int64_t)count * a->channels;
}

static void forget(struct ear *ear)
{
    for (int c = 0; c < ear->channels; c++)
        g_array_set_size(ear->waiting[c], 0);
}

/* Pearson's coefficient where they overlap when `b` is `lag` later. */
static double correlation(const GArray *a, const GArray *b, int lag)
{
    const int from = MAX(0, -lag), to = MIN((int)a->len, (int)b->len - lag);
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    for (int i = from; i < to; i++) {
        const double one = g_array_index(a, float, i), other = g_array_index(b, float, i + lag);
        sum_a += one;
        sum_b += other;
        aa += one * one;
        bb += other * other;
        ab += one * other;
    }
    const double n = to - from;
    const double variance = (aa - sum_a * sum_a / n) * (bb - sum_b * sum_b / n);
    return n > ENVELOPE_HZ / 10 && variance > 0 ? (ab - sum_a * sum_b / n) / sqrt(variance) : -1;
}

/* NAN: nothing in them tells. Of equals the least. */
static double offset_s(const GArray *a, const GArray *b)
{
    double best = LEAST_CORRELATED_PERCENT / 100.0, at = NAN;
    for (int lag = 0; lag <= LAG; lag++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const double found = correlation(a, b, sign * lag);
            if (found > best + 1e-6) {
                best = found;
                at = (double)(sign * lag) / ENVELOPE_HZ;
            }
        }
    return at;
}

static bool hear_all(const struct comparison *how, struct ear *a, struct ear *b, bool null,
                     struct residue *residue, struct failure *failure)
{
    while (!a->ended || !b->ended) {
        const bool first =
            !a->ended && (b->ended || a->position * b->rate <= b->position * a->rate);
        if (!listen(first ? a : b, failure))
            return false;
        how->progress(how->data, source_progress(b->source), 0);
        if (null) {
            subtract(a, b, residue);
        } else {
            forget(a);
            forget(b);
        }
    }
    return true;
}

static bool sounds_fit(const struct ear *a, const struct ear *b, GPtrArray *unlike)
{
    if (a->rate == b->rate && a->channels == b->channels)
        return true;
    say_unlike(unlike, "its sound is %d channels at %d Hz, the reference's %d at %d", b->channels,
               b->rate, a->channels, a->rate);
    return false;
}

bool compare_sound(const struct hearing *hearing, struct alike *alike, GPtrArray *unlike,
                   struct failure *failure)
{
    struct ear a = {0}, b = {0};
    struct residue residue = {0, 0};
    bool heard = ear_open(&a, hearing->reference, failure) && ear_open(&b, hearing->made, failure);
    const bool null = heard && sounds_fit(&a, &b, unlike);
    heard = heard && hear_all(hearing->how, &a, &b, null, &residue, failure);
    if (heard) {
        alike->audio_offset_s = offset_s(a.envelope, b.envelope);
        const double power = residue.samples ? residue.squares / (double)residue.samples : 0;
        if (null)
            alike->null_rms_dbfs =
                power > 0 ? fmax(10 * log10(power), ALIKE_NULL_DBFS) : ALIKE_NULL_DBFS;
    }
    ear_close(&a);
    ear_close(&b);
    return heard;
}
