/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is left of two sounds, and how they go together when one is moved onto the other. */
#include "private.h"

#include <math.h>

enum { SEARCHES = 24, PARTS = 4 };
static const double audible = 1e-6, audible_band = 1e-7, masked = 1e-3, half = 0.5, leaks = 0.2,
                    certain = 0.9999, aligns = 0.9;

struct residue {
    int rate, channels, searches;
    struct lag lag;
    int64_t samples;
    double squares;
    struct worst *worst;
};

struct residue *residue_create(int rate, const AVChannelLayout *layout)
{
    struct residue *residue = g_new0(struct residue, 1);
    residue->rate = rate;
    residue->channels = layout->nb_channels;
    residue->lag.fit = half;
    residue->worst = worst_create(rate, layout);
    return residue;
}

void residue_destroy(struct residue *residue)
{
    if (!residue)
        return;
    worst_destroy(residue->worst);
    g_free(residue);
}

int residue_reach(int rate)
{
    return rate / 40;
}

static void multiply(struct match *match, const float *a, const float *b, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        match->of_a += (double)a[i] * a[i];
        match->of_b += (double)b[i] * b[i];
        match->together += (double)a[i] * b[i];
    }
}

static bool is_audible(double squares, int64_t samples)
{
    return squares > audible * (double)samples;
}

static double correlation(const struct match *match, int64_t samples)
{
    const bool one = is_audible(match->of_a, samples), other = is_audible(match->of_b, samples);
    if (!one || !other)
        return one == other ? 1 : 0;
    return match->together / sqrt(match->of_a * match->of_b);
}

static struct match match_at(const struct residue *residue, const struct stretch *at, int64_t from,
                             int64_t lag, int64_t count)
{
    const int64_t start = residue_reach(residue->rate) + from;
    struct match match = {0, 0, 0};
    for (int c = 0; c < residue->channels; c++)
        multiply(&match, at->a[c] + start, at->b[c] + start + lag, count);
    return match;
}

static void search(struct residue *residue, const struct stretch *at, int64_t from, int64_t count)
{
    const int reach = residue_reach(residue->rate);
    const struct match still = match_at(residue, at, from, 0, count);
    if (residue->searches == SEARCHES || !is_audible(still.of_a, count) ||
        !is_audible(still.of_b, count))
        return;
    residue->searches++;
    for (int lag = 0; lag <= reach && residue->lag.fit < certain; lag++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const struct match match = match_at(residue, at, from, sign * lag, count);
            lag_offer(&residue->lag, sign * lag, correlation(&match, count));
        }
}

bool residue_sought(const struct residue *residue)
{
    return residue->lag.found || residue->searches == SEARCHES;
}

void residue_seek(struct residue *residue, const struct stretch *at, int64_t count)
{
    const int64_t part = MAX(1, count / PARTS);
    for (int64_t from = 0; from + part <= count && !residue->lag.found; from += part)
        search(residue, at, from, part);
}

void residue_take(struct residue *residue, const struct stretch *at, int64_t count, int64_t both)
{
    const int reach = residue_reach(residue->rate);
    for (int c = 0; c < residue->channels; c++) {
        const float *a = at->a[c] + reach, *b = at->b[c] + reach;
        for (int64_t i = 0; i < count; i++)
            residue->squares += ((double)b[i] - a[i]) * ((double)b[i] - a[i]);
    }
    residue->samples += count;
    worst_take(residue->worst, at, residue->lag.samples,
               CLAMP(both - MAX(residue->lag.samples, 0), 0, count));
}

void residue_pass(struct residue *residue, int64_t count)
{
    residue->samples += count;
    worst_take(residue->worst, NULL, residue->lag.samples, count);
}

static struct match all_bands(const struct match *bands)
{
    struct match all = {0, 0, 0};
    for (int b = 0; b < SOUND_BANDS; b++) {
        all.of_a += bands[b].of_a;
        all.of_b += bands[b].of_b;
        all.together += bands[b].together;
    }
    return all;
}

static double level_db(const struct match *match, double floor)
{
    return 10 * log10(fmax(match->of_b, floor) / fmax(match->of_a, floor));
}

static char *channel_name(const AVChannelLayout *layout, int channel)
{
    char name[32] = "";
    const enum AVChannel place = av_channel_layout_channel_from_index(layout, (unsigned)channel);
    return place == AV_CHAN_NONE || av_channel_name(name, sizeof name, place) < 0
               ? g_strdup_printf("channel %d", channel + 1)
               : g_strdup(name);
}

/* "1.250 s, FR"; NULL: nothing there is worse than the best. */
static char *moment_text(const struct worst_moment *moment, const AVChannelLayout *layout)
{
    if (moment->channel < 0)
        return NULL;
    g_autofree char *name = channel_name(layout, moment->channel);
    return g_strdup_printf("%.3f s, %s", moment->at_s, name);
}

static void tell_worst(const struct worst_moments *moments, const AVChannelLayout *layout,
                       struct alike *alike)
{
    alike->audio_correlation_worst = moments->correlation.value;
    alike->audio_level_worst_db = moments->level.value;
    alike->audio_level_brief_db = moments->brief.value;
    alike->audio_click_db = moments->click.value;
    alike->audio_correlation_at = moment_text(&moments->correlation, layout);
    alike->audio_level_at = moment_text(&moments->level, layout);
    alike->audio_brief_at = moment_text(&moments->brief, layout);
    alike->audio_click_at = moment_text(&moments->click, layout);
}

/* As much of the channel as counts as being in both, in a band. */
static double floor_of(const struct residue *residue, const struct worst_total *total)
{
    double loudest = 0;
    for (int c = 0; c < residue->channels; c++)
        loudest = fmax(loudest, all_bands(worst_total(residue->worst, c).bands).of_a);
    return fmax(fmax(audible_band * (double)MAX(1, total->samples), masked * loudest),
                leaks * total->above);
}

/* The last band of two channels at most. */
static int bands_judged(const struct residue *residue, const struct bands *split)
{
    const int count = bands_count(split);
    return residue->channels > 2 && count == SOUND_BANDS ? count - 1 : count;
}

static void tell_bands(const struct residue *residue, const AVChannelLayout *layout,
                       struct alike *alike)
{
    for (int c = 0; c < residue->channels; c++) {
        const struct worst_total total = worst_total(residue->worst, c);
        const double floor = floor_of(residue, &total);
        for (int b = 0; b < bands_judged(residue, total.split); b++) {
            const struct match *match = &total.bands[b];
            const double level = 10 * log10((match->of_b + floor) / (match->of_a + floor));
            if (fabs(level) <= fabs(alike->audio_level_band_db))
                continue;
            g_autofree char *name = channel_name(layout, c), *band = band_text(total.split, b);
            alike->audio_level_band_db = level;
            g_free(alike->audio_band_at);
            alike->audio_band_at = g_strdup_printf("%s, %s", band, name);
        }
    }
}

static struct match with(struct match match, double floor)
{
    return (struct match){match.of_a + floor, match.of_b + floor, match.together + floor};
}

static void tell_whole(const struct residue *residue, struct alike *alike)
{
    for (int c = 0; c < residue->channels; c++) {
        const struct worst_total total = worst_total(residue->worst, c);
        const struct match all = all_bands(total.bands), alone = with(all, total.above),
                           loud = with(all, leaks * total.above);
        const double level = level_db(&loud, audible * (double)total.samples);
        alike->audio_correlation =
            fmin(alike->audio_correlation, correlation(&alone, total.samples));
        if (fabs(level) > fabs(alike->audio_level_db))
            alike->audio_level_db = level;
    }
}

void residue_tell(const struct residue *residue, double sure, const AVChannelLayout *layout,
                  struct alike *alike)
{
    if (!residue->samples)
        return;
    const double power = residue->squares / (double)residue->samples / residue->channels;
    alike->null_rms_dbfs = power > 0 ? fmax(10 * log10(power), ALIKE_NULL_DBFS) : ALIKE_NULL_DBFS;
    alike->audio_correlation = 1;
    alike->audio_level_db = alike->audio_level_band_db = 0;
    tell_whole(residue, alike);
    tell_bands(residue, layout, alike);
    if (residue->lag.found &&
        (isnan(alike->audio_offset_s) || alike->audio_correlation > fmin(sure, aligns)))
        alike->audio_offset_s = (double)residue->lag.samples / residue->rate;
    worst_end(residue->worst, residue->lag.samples);
    tell_worst(worst_tell(residue->worst), layout, alike);
}
