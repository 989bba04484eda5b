/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/gated.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const double OFFSET_LU = -0.691, RELATIVE_GATE = 0.1; /* -10 LU */
/* Far more blocks than a century has. */
static const uint64_t COUNT_MOST = UINT64_C(1) << 36;
enum { PARTS = 10000 };

static double lufs_of(double energy)
{
    return OFFSET_LU + 10 * log10(energy);
}

/* The energy at a place of the scale, in tenths. */
static double energy_at(double place)
{
    return pow(10, (GATED_FROM_LUFS + place / GATED_BINS_A_LU - OFFSET_LU) / 10);
}

/* -1: below the absolute gate, or no number. */
static int bin_of(double energy)
{
    double place = (lufs_of(energy) - GATED_FROM_LUFS) * GATED_BINS_A_LU;
    if (!(energy > 0) || !isfinite(energy) || place < 0)
        return -1;
    return (int)fmin(place, GATED_BINS - 1);
}

void gated_add(struct gated *gated, double energy)
{
    int bin = bin_of(energy);
    if (bin < 0)
        return;
    gated->count[bin]++;
    gated->energy[bin] += energy;
}

void gated_louder(struct gated *gated, double lu)
{
    const double factor = pow(10, lu / 10);
    g_autofree struct gated *from = g_memdup2(gated, sizeof *gated);
    *gated = (struct gated){0};
    for (int bin = 0; bin < GATED_BINS; bin++) {
        if (!from->count[bin])
            continue;
        double energy = from->energy[bin] * factor;
        int to = bin_of(energy / (double)from->count[bin]);
        if (to < 0)
            continue;
        gated->count[to] += from->count[bin];
        gated->energy[to] += energy;
    }
}

void gated_merge(struct gated *gated, const struct gated *from)
{
    for (int bin = 0; bin < GATED_BINS; bin++) {
        gated->count[bin] += from->count[bin];
        gated->energy[bin] += from->energy[bin];
    }
}

struct sum {
    double count, energy;
};

/* Those of a bin that are above the gate. */
static struct sum above(const struct gated *gated, int bin, double gate)
{
    struct sum all = {(double)gated->count[bin], gated->energy[bin]};
    double mean = all.energy / all.count;
    double half = fmin(mean - energy_at(bin), energy_at(bin + 1) - mean);
    half = fmax(half, 0) * (all.count - 1) / all.count;
    if (mean - half >= gate)
        return all;
    if (mean + half <= gate)
        return (struct sum){0, 0};
    double share = (mean + half - gate) / (2 * half);
    return (struct sum){share * all.count, share * all.count * (gate + mean + half) / 2};
}

static struct sum sum_above(const struct gated *gated, double gate)
{
    struct sum sum = {0, 0};
    for (int bin = 0; bin < GATED_BINS; bin++) {
        if (!gated->count[bin])
            continue;
        struct sum part = above(gated, bin, gate);
        sum.count += part.count;
        sum.energy += part.energy;
    }
    return sum;
}

double gated_lufs(const struct gated *gated)
{
    struct sum all = sum_above(gated, 0);
    if (!(all.count > 0))
        return NAN;
    struct sum loud = sum_above(gated, RELATIVE_GATE * all.energy / all.count);
    return lufs_of(loud.energy / loud.count);
}

char *gated_text(const struct gated *gated)
{
    GString *text = g_string_new(NULL);
    for (int bin = 0, last = 0; bin < GATED_BINS; bin++) {
        if (!gated->count[bin])
            continue;
        double mean = gated->energy[bin] / (double)gated->count[bin];
        double place = (lufs_of(mean) - GATED_FROM_LUFS) * GATED_BINS_A_LU - bin;
        g_string_append_printf(text, "%s%d %" G_GUINT64_FORMAT " %d", text->len ? " " : "",
                               bin - last, gated->count[bin],
                               (int)CLAMP(lround(place * PARTS), 0, PARTS - 1));
        last = bin;
    }
    return g_string_free(text, FALSE);
}

/* Digits only, and a blank or the end after them. */
static bool take(const char **text, uint64_t most, uint64_t *out)
{
    char *end;
    if (!g_ascii_isdigit(**text))
        return false;
    *out = g_ascii_strtoull(*text, &end, 10);
    bool more = *end == ' ' && end[1];
    *text = end + more;
    return *out <= most && (more || !*end);
}

static bool take_bin(const char **text, uint64_t *bin, struct gated *gated)
{
    uint64_t distance, count, part;
    if (!take(text, GATED_BINS - 1, &distance) || !take(text, COUNT_MOST, &count) ||
        !take(text, PARTS - 1, &part))
        return false;
    *bin += distance;
    if (*bin >= GATED_BINS || !count || gated->count[*bin])
        return false;
    gated->count[*bin] = count;
    gated->energy[*bin] = (double)count * energy_at((double)*bin + (double)part / PARTS);
    return true;
}

bool gated_parse(const char *text, struct gated *gated)
{
    uint64_t bin = 0;
    memset(gated, 0, sizeof *gated);
    while (*text)
        if (!take_bin(&text, &bin, gated)) {
            memset(gated, 0, sizeof *gated);
            return false;
        }
    return true;
}
