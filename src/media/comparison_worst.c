/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where two sounds are least alike. */
#include "comparison_private.h"

#include <math.h>

enum { SLOTS_A_SECOND = 100, NEAR = 2, WIDE = 10, AROUND = 15, RING = 2 * AROUND + 1 };
static const double quiet = 1e-5, masked = 0.01, quiet_peak = 0.01, stands_out = 40;

/* Sums of 10 ms of a channel. */
struct slot {
    double of_a, of_b, together, apart;
    double peak, peak_apart; /* of the reference, of the difference */
};

struct worst {
    int rate, channels, size; /* of a slot, in samples */
    int filled;               /* of the one at hand */
    int64_t slots;            /* before it */
    struct slot *rings;       /* RING of each channel */
    struct worst_moments found;
};

struct worst *worst_create(int rate, int channels)
{
    struct worst *worst = g_new(struct worst, 1);
    *worst = (struct worst){.rate = rate,
                            .channels = channels,
                            .size = MAX(1, rate / SLOTS_A_SECOND),
                            .rings = g_new0(struct slot, (gsize)(RING * channels)),
                            .found = {.correlation = {.value = 1, .channel = -1},
                                      .level = {.value = 0, .channel = -1},
                                      .click = {.value = ALIKE_NULL_DBFS, .channel = -1}}};
    return worst;
}

void worst_destroy(struct worst *worst)
{
    if (!worst)
        return;
    g_free(worst->rings);
    g_free(worst);
}

static struct slot *slot_at(const struct worst *worst, int channel, int64_t number)
{
    return &worst->rings[channel * RING + (int)(number % RING)];
}

static void add(struct slot *slot, const float *a, const float *b, int count)
{
    for (int i = 0; i < count; i++) {
        const double one = (double)a[i], other = (double)b[i], apart = other - one;
        slot->of_a += one * one;
        slot->of_b += other * other;
        slot->together += one * other;
        slot->apart += apart * apart;
        slot->peak = fmax(slot->peak, fabs(one));
        slot->peak_apart = fmax(slot->peak_apart, fabs(apart));
    }
}

static struct slot sum(const struct worst *worst, int channel, int64_t middle, int reach)
{
    struct slot all = {0};
    for (int64_t i = middle - reach; i <= middle + reach; i++) {
        const struct slot *slot = slot_at(worst, channel, i);
        all.of_a += slot->of_a;
        all.of_b += slot->of_b;
        all.together += slot->together;
        all.apart += slot->apart;
        all.peak = fmax(all.peak, slot->peak);
    }
    return all;
}

/* Energy of a slot that counts as heard in both: what is quiet, or beside what is loud. */
static double masked_energy(const struct worst *worst, int channel, int64_t middle)
{
    double loudest = 0;
    for (int64_t i = middle - AROUND; i <= middle + AROUND; i++)
        loudest = fmax(loudest, slot_at(worst, channel, i)->of_a);
    return fmax(quiet * worst->size, masked * loudest);
}

static double correlation(const struct slot *window, double floor)
{
    return (window->together + floor) / sqrt((window->of_a + floor) * (window->of_b + floor));
}

static double click_db(const struct worst *worst, const struct slot *middle,
                       const struct slot *window)
{
    const double rest = (window->apart - middle->apart) / (2 * NEAR * worst->size);
    const double peak = rest > 0 ? window->peak : 0;
    const double above = fmax(fmax(peak, quiet_peak), stands_out * sqrt(fmax(rest, 0)));
    return fmax(20 * log10(middle->peak_apart / above), ALIKE_NULL_DBFS);
}

static void keep(struct worst_moment *moment, bool worse, double value, int channel, double at_s)
{
    if (worse)
        *moment = (struct worst_moment){value, at_s, channel};
}

static void judge(struct worst *worst, int channel, int64_t middle, double at_s)
{
    const double floor = masked_energy(worst, channel, middle);
    const struct slot near = sum(worst, channel, middle, NEAR);
    const struct slot wide = sum(worst, channel, middle, WIDE);
    const double alike = correlation(&near, (2 * NEAR + 1) * floor);
    const double more = (2 * WIDE + 1) * floor;
    const double level = 10 * log10((wide.of_b + more) / (wide.of_a + more));
    const double click = click_db(worst, slot_at(worst, channel, middle), &near);
    struct worst_moments *found = &worst->found;
    keep(&found->correlation, alike < found->correlation.value, alike, channel, at_s);
    keep(&found->level, fabs(level) > fabs(found->level.value), level, channel, at_s);
    keep(&found->click, click > found->click.value, click, channel, at_s);
}

/* The one at hand is whole: that in the middle of the ring has all around it. */
static void end_slot(struct worst *worst, int64_t before)
{
    const int64_t middle = worst->slots++ - AROUND;
    for (int c = 0; c < worst->channels && middle >= AROUND; c++)
        judge(worst, c, middle, (double)(middle * worst->size - before) / worst->rate);
    for (int c = 0; c < worst->channels; c++)
        *slot_at(worst, c, worst->slots) = (struct slot){0};
    worst->filled = 0;
}

void worst_take(struct worst *worst, const struct stretch *at, int64_t lag, int64_t count)
{
    const int reach = residue_reach(worst->rate);
    for (int64_t from = 0; from < count;) {
        const int now = (int)MIN(count - from, worst->size - worst->filled);
        for (int c = 0; c < worst->channels && at; c++)
            add(slot_at(worst, c, worst->slots), at->a[c] + reach + from,
                at->b[c] + reach + lag + from, now);
        from += now;
        worst->filled += now;
        if (worst->filled == worst->size)
            end_slot(worst, reach - lag);
    }
}

const struct worst_moments *worst_tell(const struct worst *worst)
{
    return &worst->found;
}
