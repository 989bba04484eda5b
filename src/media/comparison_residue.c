/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is left of two sounds, and how they go together when one is moved onto the other. */
#include "comparison_private.h"

#include <math.h>

enum { SEARCHES = 24, PARTS = 4 };
static const double audible = 1e-6, found = 0.5, certain = 0.9999;

struct match {
    double of_a, of_b, together;
};

struct residue {
    int rate, channels, searches;
    int64_t lag, samples;
    bool aligned;
    double squares;
    struct match *matches; /* of each channel */
    struct worst *worst;
};

struct residue *residue_create(int rate, int channels)
{
    struct residue *residue = g_new0(struct residue, 1);
    residue->rate = rate;
    residue->channels = channels;
    residue->matches = g_new0(struct match, (gsize)channels);
    residue->worst = worst_create(rate, channels);
    return residue;
}

void residue_destroy(struct residue *residue)
{
    if (!residue)
        return;
    g_free(residue->matches);
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

/* Of equals the least lag. */
static void search(struct residue *residue, const struct stretch *at, int64_t from, int64_t count)
{
    const int reach = residue_reach(residue->rate);
    const struct match still = match_at(residue, at, from, 0, count);
    double best = found;
    if (residue->searches == SEARCHES || !is_audible(still.of_a, count) ||
        !is_audible(still.of_b, count))
        return;
    residue->searches++;
    for (int lag = 0; lag <= reach && best < certain; lag++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const struct match match = match_at(residue, at, from, sign * lag, count);
            const double now = correlation(&match, count);
            if (now > best + 1e-6) {
                best = now;
                residue->lag = sign * lag;
                residue->aligned = true;
            }
        }
}

bool residue_sought(const struct residue *residue)
{
    return residue->aligned || residue->searches == SEARCHES;
}

void residue_seek(struct residue *residue, const struct stretch *at, int64_t count)
{
    const int64_t part = MAX(1, count / PARTS);
    for (int64_t from = 0; from + part <= count && !residue->aligned; from += part)
        search(residue, at, from, part);
}

void residue_take(struct residue *residue, const struct stretch *at, int64_t count, int64_t both)
{
    const int reach = residue_reach(residue->rate);
    for (int c = 0; c < residue->channels; c++) {
        const float *a = at->a[c] + reach, *b = at->b[c] + reach;
        multiply(&residue->matches[c], a, b + residue->lag, count);
        for (int64_t i = 0; i < count; i++)
            residue->squares += ((double)b[i] - a[i]) * ((double)b[i] - a[i]);
    }
    residue->samples += count;
    worst_take(residue->worst, at, residue->lag, CLAMP(both - MAX(residue->lag, 0), 0, count));
}

void residue_pass(struct residue *residue, int64_t count)
{
    residue->samples += count;
    worst_take(residue->worst, NULL, residue->lag, count);
}

static double level_db(const struct match *match, int64_t samples)
{
    const double floor = audible * (double)samples;
    return 10 * log10(fmax(match->of_b, floor) / fmax(match->of_a, floor));
}

/* "1.250 s, FR"; NULL: nothing there is worse than the best. */
static char *moment_text(const struct worst_moment *moment, const AVChannelLayout *layout)
{
    char name[32] = "";
    if (moment->channel < 0)
        return NULL;
    const enum AVChannel place =
        av_channel_layout_channel_from_index(layout, (unsigned)moment->channel);
    if (place == AV_CHAN_NONE || av_channel_name(name, sizeof name, place) < 0)
        g_snprintf(name, sizeof name, "channel %d", moment->channel + 1);
    return g_strdup_printf("%.3f s, %s", moment->at_s, name);
}

static void tell_worst(const struct worst_moments *moments, const AVChannelLayout *layout,
                       struct alike *alike)
{
    alike->audio_correlation_worst = moments->correlation.value;
    alike->audio_level_worst_db = moments->level.value;
    alike->audio_click_db = moments->click.value;
    alike->audio_correlation_at = moment_text(&moments->correlation, layout);
    alike->audio_level_at = moment_text(&moments->level, layout);
    alike->audio_click_at = moment_text(&moments->click, layout);
}

void residue_tell(const struct residue *residue, double sure, const AVChannelLayout *layout,
                  struct alike *alike)
{
    if (!residue->samples)
        return;
    const double power = residue->squares / (double)residue->samples / residue->channels;
    alike->null_rms_dbfs = power > 0 ? fmax(10 * log10(power), ALIKE_NULL_DBFS) : ALIKE_NULL_DBFS;
    alike->audio_correlation = 1;
    alike->audio_level_db = 0;
    for (int c = 0; c < residue->channels; c++) {
        const struct match *match = &residue->matches[c];
        const double level = level_db(match, residue->samples);
        alike->audio_correlation =
            fmin(alike->audio_correlation, correlation(match, residue->samples));
        if (fabs(level) > fabs(alike->audio_level_db))
            alike->audio_level_db = level;
    }
    if (residue->aligned && (isnan(alike->audio_offset_s) || alike->audio_correlation > sure))
        alike->audio_offset_s = (double)residue->lag / residue->rate;
    tell_worst(worst_tell(residue->worst), layout, alike);
}
