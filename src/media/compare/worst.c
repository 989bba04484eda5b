/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where two sounds are least alike. */
#include "private.h"

#include <math.h>

enum { SLOTS_A_SECOND = 100, NEAR = 2, WIDE = 10, AROUND = 15, RING = 2 * AROUND + 1, KEPT = 3 };
static const double quiet = 1e-5, masked = 0.01, quiet_peak = 0.01, stands_out = 40;
static const double quiet_band = 1e-6, masked_band = 0.001;

/* Sums of 10 ms of a channel, or of more. */
struct slot {
    struct match bands[SOUND_BANDS];
    double of_a; /* as it is, before it was split */
    double apart;
    double peak, peak_apart; /* of the reference, of the difference */
    int64_t samples;         /* 0: it is before the first, or behind the last */
};

struct worst {
    int rate, channels, size;     /* of a slot, in samples */
    int filled;                   /* of the one at hand */
    int64_t slots;                /* before it */
    struct slot *rings;           /* RING of each channel */
    struct slot *totals;          /* of each channel */
    struct bands **of_a, **of_b;  /* of each channel */
    double *rows[2][SOUND_BANDS]; /* of what is added */
    struct worst_moments found;
};

/* What counts as heard in both, by its mean square. */
struct floors {
    double all, bands[SOUND_BANDS];
};

struct worst *worst_create(int rate, const AVChannelLayout *layout)
{
    const int channels = layout->nb_channels;
    struct worst *worst = g_new(struct worst, 1);
    *worst = (struct worst){.rate = rate,
                            .channels = channels,
                            .size = MAX(1, rate / SLOTS_A_SECOND),
                            .rings = g_new0(struct slot, (gsize)(RING * channels)),
                            .totals = g_new0(struct slot, (gsize)channels),
                            .of_a = g_new0(struct bands *, (gsize)channels),
                            .of_b = g_new0(struct bands *, (gsize)channels),
                            .found = {.correlation = {.value = 1, .channel = -1},
                                      .level = {.value = 0, .channel = -1},
                                      .brief = {.value = 0, .channel = -1},
                                      .click = {.value = ALIKE_NULL_DBFS, .channel = -1}}};
    for (int c = 0; c < channels; c++) {
        const enum AVChannel place = av_channel_layout_channel_from_index(layout, (unsigned)c);
        worst->of_a[c] = bands_create(rate, place);
        worst->of_b[c] = bands_create(rate, place);
    }
    for (int b = 0; b < SOUND_BANDS; b++)
        for (int i = 0; i < 2; i++)
            worst->rows[i][b] = g_new(double, (gsize)worst->size);
    return worst;
}

void worst_destroy(struct worst *worst)
{
    if (!worst)
        return;
    for (int c = 0; c < worst->channels; c++) {
        g_free(worst->of_a[c]);
        g_free(worst->of_b[c]);
    }
    for (int b = 0; b < SOUND_BANDS; b++)
        for (int i = 0; i < 2; i++)
            g_free(worst->rows[i][b]);
    g_free(worst->of_a);
    g_free(worst->of_b);
    g_free(worst->rings);
    g_free(worst->totals);
    g_free(worst);
}

static struct slot *slot_at(const struct worst *worst, int channel, int64_t number)
{
    return &worst->rings[channel * RING + (int)((number + RING) % RING)];
}

static void join(struct slot *all, const struct slot *slot)
{
    for (int b = 0; b < SOUND_BANDS; b++) {
        all->bands[b].of_a += slot->bands[b].of_a;
        all->bands[b].of_b += slot->bands[b].of_b;
        all->bands[b].together += slot->bands[b].together;
    }
    all->of_a += slot->of_a;
    all->apart += slot->apart;
    all->peak = fmax(all->peak, slot->peak);
    all->peak_apart = fmax(all->peak_apart, slot->peak_apart);
    all->samples += slot->samples;
}

static struct match multiply(const double *a, const double *b, int count)
{
    struct match match = {0, 0, 0};
    for (int i = 0; i < count; i++) {
        match.of_a += a[i] * a[i];
        match.of_b += b[i] * b[i];
        match.together += a[i] * b[i];
    }
    return match;
}

static void add(struct worst *worst, int channel, const float *a, const float *b, int count)
{
    struct slot now = {.samples = count};
    struct bands *const both[] = {worst->of_a[channel], worst->of_b[channel]};
    double *const *const rows[] = {worst->rows[0], worst->rows[1]};
    bands_split(both, (const float *const[]){a, b}, count, rows);
    for (int band = 0; band < bands_count(worst->of_a[channel]); band++)
        now.bands[band] = multiply(worst->rows[0][band], worst->rows[1][band], count);
    for (int i = 0; i < count; i++) {
        const double one = (double)a[i], apart = (double)b[i] - one;
        now.of_a += one * one;
        now.apart += apart * apart;
        now.peak = MAX(now.peak, fabs(one));
        now.peak_apart = MAX(now.peak_apart, fabs(apart));
    }
    join(slot_at(worst, channel, worst->slots), &now);
    join(&worst->totals[channel], &now);
}

static struct slot sum(const struct worst *worst, int channel, int64_t middle, int reach)
{
    struct slot all = {.samples = 0};
    for (int64_t i = middle - reach; i <= middle + reach; i++)
        join(&all, slot_at(worst, channel, i));
    return all;
}

static struct match whole(const struct slot *slot)
{
    struct match all = {0, 0, 0};
    for (int b = 0; b < SOUND_BANDS; b++) {
        all.of_a += slot->bands[b].of_a;
        all.of_b += slot->bands[b].of_b;
    }
    return all;
}

/* What its bands don't have. */
static double above(const struct slot *slot)
{
    return fmax(0, slot->of_a - whole(slot).of_a);
}

static struct floors floors_around(const struct worst *worst, int channel, int64_t middle)
{
    const int bands = bands_count(worst->of_a[channel]);
    struct floors floors = {.all = 0};
    const struct slot around = sum(worst, channel, middle, AROUND);
    for (int64_t i = middle - AROUND; i <= middle + AROUND; i++) {
        const struct slot *slot = slot_at(worst, channel, i);
        floors.all = fmax(floors.all, whole(slot).of_a / worst->size);
        for (int b = 0; b < bands; b++)
            floors.bands[b] = fmax(floors.bands[b], slot->bands[b].of_a / worst->size);
    }
    for (int b = 0; b < bands; b++)
        floors.bands[b] =
            fmax(quiet_band, fmax(masked * floors.bands[b], masked_band * floors.all));
    floors.all =
        fmax(fmax(quiet, masked * floors.all), above(&around) / (double)MAX(1, around.samples));
    return floors;
}

static double correlation(const struct slot *window, const struct floors *floors, int bands)
{
    const int count = MIN(KEPT, bands);
    double sum = 0;
    for (int b = 0; b < count; b++) {
        const struct match *band = &window->bands[b];
        const double floor = floors->bands[b] * (double)window->samples;
        sum += (band->together + floor) / sqrt((band->of_a + floor) * (band->of_b + floor));
    }
    return sum / count;
}

static double level_db(const struct slot *window, const struct floors *floors)
{
    const struct match all = whole(window);
    const double floor = floors->all * (double)window->samples;
    return 10 * log10((all.of_b + floor) / (all.of_a + floor));
}

static double click_db(const struct slot *middle, const struct slot *window)
{
    const int64_t around = window->samples - middle->samples;
    if (around == 0)
        return ALIKE_NULL_DBFS;
    const double rest = (window->apart - middle->apart) / (double)around;
    const double peak = rest > 0 ? window->peak : 0;
    const double above = fmax(fmax(peak, quiet_peak), stands_out * sqrt(fmax(rest, 0)));
    return fmax(20 * log10(middle->peak_apart / above), ALIKE_NULL_DBFS);
}

static void keep(struct worst_moment *moment, bool worse, double value, int channel, double at_s)
{
    if (worse)
        *moment = (struct worst_moment){value, at_s, channel};
}

static void keep_level(struct worst_moment *moment, double value, int channel, double at_s)
{
    keep(moment, fabs(value) > fabs(moment->value), value, channel, at_s);
}

static void judge(struct worst *worst, int channel, int64_t middle, double at_s)
{
    const struct floors floors = floors_around(worst, channel, middle);
    const struct slot *slot = slot_at(worst, channel, middle);
    const struct slot near = sum(worst, channel, middle, NEAR);
    const struct slot wide = sum(worst, channel, middle, WIDE);
    const int bands = bands_count(worst->of_a[channel]);
    const double alike = correlation(bands > 1 ? &near : &wide, &floors, bands),
                 click = click_db(slot, &near);
    struct worst_moments *found = &worst->found;
    keep(&found->correlation, alike < found->correlation.value, alike, channel, at_s);
    keep_level(&found->level, level_db(&wide, &floors), channel, at_s);
    keep_level(&found->brief, level_db(slot, &floors), channel, at_s);
    keep(&found->click, click > found->click.value, click, channel, at_s);
}

/* The one at hand is whole, or empty behind the last: that in the middle of the ring has all around
 * it. */
static void end_slot(struct worst *worst, int64_t lag)
{
    const int64_t middle = worst->slots++ - AROUND;
    for (int c = 0; c < worst->channels && middle >= 0; c++)
        if (slot_at(worst, c, middle)->samples)
            judge(worst, c, middle, (double)(middle * worst->size + lag) / worst->rate);
    for (int c = 0; c < worst->channels; c++)
        *slot_at(worst, c, worst->slots) = (struct slot){.samples = 0};
    worst->filled = 0;
}

static void pass(struct worst *worst, int channel, int count)
{
    slot_at(worst, channel, worst->slots)->samples += count;
    worst->totals[channel].samples += count;
}

void worst_take(struct worst *worst, const struct stretch *at, int64_t lag, int64_t count)
{
    const int reach = residue_reach(worst->rate);
    for (int64_t from = 0; from < count;) {
        const int now = (int)MIN(count - from, worst->size - worst->filled);
        for (int c = 0; c < worst->channels; c++)
            if (at)
                add(worst, c, at->a[c] + reach + from, at->b[c] + reach + lag + from, now);
            else
                pass(worst, c, now);
        from += now;
        worst->filled += now;
        if (worst->filled == worst->size)
            end_slot(worst, lag);
    }
}

void worst_end(struct worst *worst, int64_t lag)
{
    for (int c = 0; c < worst->channels; c++)
        *slot_at(worst, c, worst->slots) = (struct slot){.samples = 0};
    for (int i = 0; i < AROUND; i++)
        end_slot(worst, lag);
}

const struct worst_moments *worst_tell(const struct worst *worst)
{
    return &worst->found;
}

struct worst_total worst_total(const struct worst *worst, int channel)
{
    const struct slot *total = &worst->totals[channel];
    return (struct worst_total){worst->of_a[channel], total->bands, above(total), total->samples};
}
