/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two sounds: read beside each other, and their envelopes. */
#include "private.h"

#include "media/frame.h"

#include <libswresample/swresample.h>
#include <math.h>
#include <string.h>

enum { ENVELOPE_HZ = 1000, LAG = 1000, MINUTES = 10, LEAST_CORRELATED_PERCENT = 50 };
/* How long the lag is looked for before what was read so far is held without it. */
enum { PATIENCE_S = 10 };
/* As which a sample counts that isn't a number, or is infinite: 180 dBFS, which nothing is like. */
static const float not_a_number = 1e9F;

/* One of the two: what was decoded and isn't compared yet, and what its envelope is so far. */
struct ear {
    SwrContext *convert;
    AVFrame *floats;
    AVChannelLayout layout;
    int rate, channels;
    int64_t lead;     /* samples of silence before those that wait */
    GArray **waiting; /* float, of each channel */
    int64_t position; /* of the sample behind them */
    int64_t unheard;  /* samples of them that aren't numbers */
    bool ended;
    GArray *envelope; /* float: the RMS of a millisecond */
    double squares;
    int64_t slot;
};

static bool ear_open(struct ear *ear, const struct source_stream *stream, struct failure *failure)
{
    const AVCodecParameters *codec = stream->av->codecpar;
    *ear = (struct ear){.convert = swr_alloc(),
                        .floats = frame_new(),
                        .rate = codec->sample_rate,
                        .channels = codec->ch_layout.nb_channels,
                        .lead = residue_reach(codec->sample_rate),
                        .envelope = g_array_new(FALSE, FALSE, sizeof(float))};
    if (codec->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&ear->layout, ear->channels);
    else if (av_channel_layout_copy(&ear->layout, &codec->ch_layout) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    ear->waiting = g_new0(GArray *, (gsize)ear->channels);
    for (int c = 0; c < ear->channels; c++)
        ear->waiting[c] = g_array_new(FALSE, TRUE, sizeof(float));
    return true;
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
    ear->lead += late;
    ear->position += late;
}

static void make_numbers(struct ear *ear, float *samples, int count)
{
    for (int i = 0; i < count; i++)
        if (!isfinite(samples[i])) {
            samples[i] = samples[i] < 0 ? -not_a_number : not_a_number;
            ear->unheard++;
        }
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
    float *const *channel = (float *const *)ear->floats->extended_data;
    for (int c = 0; c < ear->channels; c++)
        make_numbers(ear, channel[c], ear->floats->nb_samples);
    lead_in(ear, time_s);
    follow(ear, (const float *const *)channel, ear->floats->nb_samples);
    for (int c = 0; c < ear->channels; c++)
        g_array_append_vals(ear->waiting[c], channel[c], (guint)ear->floats->nb_samples);
    ear->position += ear->floats->nb_samples;
    return true;
}

static int64_t there(const struct ear *ear)
{
    return ear->lead + ear->waiting[0]->len;
}

static void drop(struct ear *ear, int64_t count)
{
    const int64_t silence = MIN(count, ear->lead);
    const guint rest = (guint)MIN(count - silence, ear->waiting[0]->len);
    ear->lead -= silence;
    for (int c = 0; c < ear->channels; c++)
        g_array_remove_range(ear->waiting[c], 0, rest);
}

/* So many samples of every channel, behind so many; what isn't there is silence. Caller frees both.
 */
static float **rows_of(const struct ear *ear, int64_t behind, int64_t count)
{
    float **rows = g_new0(float *, (gsize)ear->channels);
    const int64_t silence = CLAMP(ear->lead - behind, 0, count);
    const int64_t from = MAX(0, behind - ear->lead);
    const int64_t rest = CLAMP((int64_t)ear->waiting[0]->len - from, 0, count - silence);
    for (int c = 0; c < ear->channels; c++) {
        rows[c] = g_new0(float, (gsize)count);
        if (rest)
            memcpy(rows[c] + silence, (const float *)(void *)ear->waiting[c]->data + from,
                   sizeof(float) * (gsize)rest);
    }
    return rows;
}

static void free_rows(float **rows, int channels)
{
    for (int c = 0; c < channels; c++)
        g_free(rows[c]);
    g_free(rows);
}

/* Of all samples so far. What isn't the same any more when samples of the beginning are gone has to
 * be heard again from there. */
enum sameness { SAME, DIFFERENT, LATE };

struct hearing {
    struct source *source; /* the reference's */
    struct ear reference, made;
    struct residue *residue; /* NULL: they don't fit */
    int64_t sought;          /* samples of those that wait in which the lag was looked for */
    enum sameness same;
    int64_t agreed; /* samples of those that wait in which they are the same */
    bool dropped;   /* some that were the same don't wait any more */
};

static void hold(struct hearing *hearing, int64_t count)
{
    struct ear *a = &hearing->reference, *b = &hearing->made;
    const int64_t reach = residue_reach(a->rate);
    float **of_a = rows_of(a, 0, count + 2 * reach), **of_b = rows_of(b, 0, count + 2 * reach);
    residue_take(hearing->residue, &(struct stretch){of_a, of_b}, count,
                 MIN(there(a), there(b)) - reach);
    free_rows(of_a, a->channels);
    free_rows(of_b, b->channels);
    drop(a, count);
    drop(b, count);
    hearing->sought = MAX(0, hearing->sought - count);
}

/* In each second that comes, until it is found. */
static void seek(struct hearing *hearing, int64_t ready, bool all)
{
    const struct ear *a = &hearing->reference, *b = &hearing->made;
    const int64_t reach = residue_reach(a->rate);
    while (!residue_sought(hearing->residue) && hearing->sought < ready &&
           (all || ready - hearing->sought >= a->rate)) {
        const int64_t count = MIN(ready - hearing->sought, a->rate);
        float **of_a = rows_of(a, hearing->sought, count + 2 * reach);
        float **of_b = rows_of(b, hearing->sought, count + 2 * reach);
        residue_seek(hearing->residue, &(struct stretch){of_a, of_b}, count);
        free_rows(of_a, a->channels);
        free_rows(of_b, b->channels);
        hearing->sought += count;
    }
}

static void pass(struct hearing *hearing)
{
    struct ear *a = &hearing->reference, *b = &hearing->made;
    const int64_t quiet = MIN(a->lead, b->lead) - 2 * (int64_t)residue_reach(a->rate);
    if (quiet <= 0)
        return;
    residue_pass(hearing->residue, quiet);
    drop(a, quiet);
    drop(b, quiet);
    hearing->sought = MAX(0, hearing->sought - quiet);
}

/* Silence that both have is passed over, the rest is held to one another a second at a time, once
 * it is known how they lie; of one that has ended the rest is silence. */
static void hold_all(struct hearing *hearing)
{
    const struct ear *a = &hearing->reference, *b = &hearing->made;
    const int64_t reach = residue_reach(a->rate);
    pass(hearing);
    for (;;) {
        const bool all = a->ended && b->ended;
        const int64_t least = a->ended ? there(b) : b->ended ? there(a) : MIN(there(a), there(b));
        const int64_t ready = all ? MAX(there(a), there(b)) - reach : least - 2 * reach;
        if (ready <= 0 || (!all && ready < a->rate))
            return;
        seek(hearing, ready, all);
        if (!all && !residue_sought(hearing->residue) && ready < (int64_t)PATIENCE_S * a->rate)
            return;
        hold(hearing, MIN(ready, a->rate));
    }
}

static void forget(struct ear *ear)
{
    drop(ear, there(ear));
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

/* NAN: nothing in them tells. *sure is how well they go together there. */
static double offset_s(const GArray *a, const GArray *b, double *sure)
{
    struct lag best = {.fit = LEAST_CORRELATED_PERCENT / 100.0};
    for (int lag = 0; lag <= LAG; lag++)
        for (int sign = -1; sign <= 1; sign += 2)
            lag_offer(&best, sign * lag, correlation(a, b, sign * lag));
    *sure = best.fit;
    return best.found ? (double)best.samples / ENVELOPE_HZ : NAN;
}

static bool sounds_fit(const struct ear *a, const struct ear *b, GPtrArray *unlike)
{
    if (a->rate == b->rate && a->channels == b->channels)
        return true;
    say_unlike(unlike, NULL, "its sound is %d channels at %d Hz, the reference's %d at %d",
               b->channels, b->rate, a->channels, a->rate);
    return false;
}

static void say_length(const struct ear *a, const struct ear *b, GPtrArray *unlike)
{
    const double was = (double)a->position / a->rate, is = (double)b->position / b->rate;
    if (fabs(was - is) > ALIKE_LENGTH_S)
        say_unlike(unlike, NULL, "its sound ends at %.3f s, the reference's at %.3f s", is, was);
}

static void say_unheard(const struct ear *a, const struct ear *b, GPtrArray *unlike)
{
    if (a->unheard != b->unheard)
        say_unlike(unlike, NULL,
                   "%" G_GINT64_FORMAT " samples that are infinite or no numbers, the reference "
                   "has %" G_GINT64_FORMAT,
                   b->unheard, a->unheard);
}

static void say_other(const struct alike *alike, GPtrArray *unlike)
{
    if (alike->audio_correlation < LEAST_CORRELATED_PERCENT / 100.0 && isnan(alike->audio_offset_s))
        say_unlike(unlike, NULL, "its sound isn't the reference's, or is more than %d s away",
                   LAG / ENVELOPE_HZ);
}

static bool any_decoded(const struct ear *ear, const char *which, struct failure *failure)
{
    return ear->position > 0 ||
           fail(failure, FAIL_INPUT_DAMAGED, "%snothing of the sound can be decoded", which);
}

struct hearing *hearing_create(struct source *reference, int stream,
                               const struct source_stream *made, GPtrArray *unlike,
                               struct failure *failure)
{
    struct hearing *hearing = g_new0(struct hearing, 1);
    hearing->source = reference;
    if (!source_use(reference, stream, SOURCE_DECODE, failure) ||
        !ear_open(&hearing->reference, source_stream(reference, stream), failure) ||
        !ear_open(&hearing->made, made, failure)) {
        hearing_destroy(hearing);
        return NULL;
    }
    if (sounds_fit(&hearing->reference, &hearing->made, unlike))
        hearing->residue = residue_create(hearing->made.rate, &hearing->made.layout);
    return hearing;
}

void hearing_destroy(struct hearing *hearing)
{
    if (!hearing)
        return;
    residue_destroy(hearing->residue);
    ear_close(&hearing->reference);
    ear_close(&hearing->made);
    source_close(hearing->source);
    g_free(hearing);
}

/* One frame of the reference more, or its end. */
static bool listen(struct hearing *hearing, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(hearing->source, &item, failure)) == SOURCE_PACKET)
        ;
    hearing->reference.ended = got == SOURCE_END;
    return got == SOURCE_END ||
           (got == SOURCE_FRAME && take(&hearing->reference, item.frame, item.time_s, failure)) ||
           blame(failure, OF_REFERENCE);
}

/* Whether all that wait of both, and weren't looked at yet, are the same. */
static bool agree(struct hearing *hearing)
{
    const struct ear *a = &hearing->reference, *b = &hearing->made;
    const bool ended = a->ended && b->ended;
    const int64_t both = MIN(a->waiting[0]->len, b->waiting[0]->len);
    bool same = a->lead == b->lead && (!ended || a->waiting[0]->len == b->waiting[0]->len);
    for (int c = 0; same && c < a->channels; c++)
        same = memcmp((const float *)(void *)a->waiting[c]->data + hearing->agreed,
                      (const float *)(void *)b->waiting[c]->data + hearing->agreed,
                      sizeof(float) * (gsize)(both - hearing->agreed)) == 0;
    hearing->agreed = both;
    return same;
}

/* What is the same needs no filters. Of that as much waits as the lag may be looked for in, so that
 * what differs from the beginning is held at once. */
static void hold_same(struct hearing *hearing)
{
    struct ear *a = &hearing->reference, *b = &hearing->made;
    if (!agree(hearing)) {
        hearing->same = hearing->dropped ? LATE : DIFFERENT;
        return;
    }
    if (hearing->agreed < (int64_t)PATIENCE_S * a->rate)
        return;
    drop(a, a->lead + hearing->agreed);
    drop(b, b->lead + hearing->agreed);
    hearing->agreed = 0;
    hearing->dropped = true;
}

static void hold_or_forget(struct hearing *hearing)
{
    if (hearing->residue && hearing->same == SAME)
        hold_same(hearing);
    if (hearing->residue && hearing->same == DIFFERENT)
        hold_all(hearing);
    if (!hearing->residue || hearing->same == LATE) {
        forget(&hearing->reference);
        forget(&hearing->made);
    }
}

/* The reference as far as the file is. */
static bool catch_up(struct hearing *hearing, struct failure *failure)
{
    struct ear *a = &hearing->reference;
    const struct ear *b = &hearing->made;
    while (!a->ended && (b->ended || a->position * b->rate <= b->position * a->rate)) {
        if (!listen(hearing, failure))
            return false;
        hold_or_forget(hearing);
    }
    return true;
}

void hearing_from_here(struct hearing *hearing)
{
    hearing->same = DIFFERENT;
}

bool hearing_is_late(const struct hearing *hearing)
{
    return hearing->same == LATE;
}

bool hearing_take(struct hearing *hearing, AVFrame *frame, double time_s, struct failure *failure)
{
    if (hearing->same == LATE)
        return true;
    if (!take(&hearing->made, frame, time_s, failure) || !catch_up(hearing, failure))
        return false;
    hold_or_forget(hearing);
    return true;
}

/* The figures of no difference. */
static void tell_same(struct alike *alike)
{
    alike->null_rms_dbfs = alike->audio_click_db = ALIKE_NULL_DBFS;
    alike->audio_offset_s = 0;
    alike->audio_correlation = alike->audio_correlation_worst = 1;
    alike->audio_level_db = alike->audio_level_band_db = 0;
    alike->audio_level_worst_db = alike->audio_level_brief_db = 0;
}

static void tell(struct hearing *hearing, struct alike *alike, GPtrArray *unlike)
{
    const struct ear *a = &hearing->reference, *b = &hearing->made;
    double sure = 0;
    if (hearing->residue && hearing->same == SAME) {
        tell_same(alike);
        return;
    }
    alike->audio_offset_s = offset_s(a->envelope, b->envelope, &sure);
    say_length(a, b, unlike);
    say_unheard(a, b, unlike);
    if (hearing->residue) {
        residue_tell(hearing->residue, sure, &a->layout, alike);
        say_other(alike, unlike);
    }
}

bool hearing_end(struct hearing *hearing, struct alike *alike, GPtrArray *unlike,
                 struct failure *failure)
{
    struct ear *a = &hearing->reference, *b = &hearing->made;
    b->ended = true;
    if (!catch_up(hearing, failure) || !is_whole(hearing->source, OF_REFERENCE, failure) ||
        !any_decoded(a, OF_REFERENCE, failure) || !any_decoded(b, "", failure))
        return false;
    hold_or_forget(hearing);
    if (hearing->same != LATE)
        tell(hearing, alike, unlike);
    return true;
}
