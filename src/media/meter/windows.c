/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "windows.h"

#include <glib.h>
#include <math.h>

/* In blocks of 10 ms. */
enum { HOP = 10, MOMENTARY = 40, SHORT_TERM = 300, STABLE = 6000 };

static const double OFFSET_LU = -0.691, GATE_LUFS = -70, GATE_SHARE = 0.01 /* -20 LU */;
static const double LOW = 0.10, HIGH = 0.95;

struct windows {
    int64_t count;
    double last[HOP];        /* blocks */
    double hops[SHORT_TERM]; /* sums of HOP blocks, one for each block that ends them */
    double max_momentary, max_short_term;
    GArray *short_term; /* float: energies, every HOP blocks */
    struct gated gated;
};

struct windows *windows_create(void)
{
    struct windows *windows = g_new0(struct windows, 1);
    windows->short_term = g_array_new(FALSE, FALSE, sizeof(float));
    return windows;
}

void windows_destroy(struct windows *windows)
{
    if (!windows)
        return;
    g_array_unref(windows->short_term);
    g_free(windows);
}

/* Of the last `blocks`, a whole number of hops. */
static double mean(const struct windows *windows, int blocks)
{
    double sum = 0;
    for (int back = 1; back <= blocks; back += HOP)
        sum += windows->hops[(windows->count - back) % SHORT_TERM];
    return sum / blocks;
}

static void end_hop(struct windows *windows, double energy)
{
    double sum = 0;
    windows->last[windows->count % HOP] = energy;
    for (int i = 0; i < HOP; i++)
        sum += windows->last[i];
    windows->hops[windows->count++ % SHORT_TERM] = sum;
}

void windows_add(struct windows *windows, double energy)
{
    end_hop(windows, energy);
    bool kept = windows->count % HOP == 0;
    if (windows->count >= MOMENTARY) {
        double momentary = mean(windows, MOMENTARY);
        windows->max_momentary = fmax(windows->max_momentary, momentary);
        if (kept)
            gated_add(&windows->gated, momentary);
    }
    if (windows->count >= SHORT_TERM) {
        double short_term = mean(windows, SHORT_TERM);
        windows->max_short_term = fmax(windows->max_short_term, short_term);
        const float value = (float)short_term;
        if (kept)
            g_array_append_val(windows->short_term, value);
    }
}

static double lufs_of(double energy)
{
    return energy > 0 && isfinite(energy) ? OFFSET_LU + 10 * log10(energy) : NAN;
}

double windows_momentary_lufs(const struct windows *windows)
{
    return lufs_of(windows->max_momentary);
}

double windows_short_term_lufs(const struct windows *windows)
{
    return lufs_of(windows->max_short_term);
}

static int compare(gconstpointer a, gconstpointer b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The first of the sorted energies that isn't below `gate`. */
static guint first_from(const GArray *sorted, double gate)
{
    guint first = 0;
    while (first < sorted->len && g_array_index(sorted, float, first) < gate)
        first++;
    return first;
}

static double mean_from(const GArray *sorted, guint first)
{
    double sum = 0;
    for (guint i = first; i < sorted->len; i++)
        sum += g_array_index(sorted, float, i);
    return sum / (sorted->len - first);
}

/* As Tech 3342's reference code picks it: the nearest of the values. */
static double percentile_lufs(const GArray *sorted, guint first, double share)
{
    guint at = first + (guint)lround((sorted->len - 1 - first) * share);
    return lufs_of(g_array_index(sorted, float, at));
}

double windows_range_lu(const struct windows *windows)
{
    g_autoptr(GArray) sorted = g_array_copy(windows->short_term);
    g_array_sort(sorted, compare);
    guint first = first_from(sorted, pow(10, (GATE_LUFS - OFFSET_LU) / 10));
    if (first == sorted->len)
        return NAN;
    first = first_from(sorted, mean_from(sorted, first) * GATE_SHARE);
    return percentile_lufs(sorted, first, HIGH) - percentile_lufs(sorted, first, LOW);
}

bool windows_range_stable(const struct windows *windows)
{
    return windows->count >= STABLE;
}

const struct gated *windows_gated(const struct windows *windows)
{
    return &windows->gated;
}

void windows_curve(const struct windows *windows, struct curve *curve)
{
    const GArray *values = windows->short_term;
    const guint together = (values->len + GLANCE_COLUMNS - 1) / GLANCE_COLUMNS;
    curve->from_s = SHORT_TERM / 100.0;
    curve->step_s = together * HOP / 100.0;
    for (guint at = 0; at < values->len; at += together) {
        const guint end = MIN(at + together, values->len);
        double sum = 0;
        for (guint i = at; i < end; i++)
            sum += g_array_index(values, float, i);
        const double lufs = lufs_of(sum / (end - at));
        curve_add(curve, lufs > GATE_LUFS ? (int)lround(lufs * 10) : GLANCE_SILENT);
    }
}
