/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels of frames, and what evens them out. */
#include "flicker.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

void levels_print(GString *text, double level)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(text, g_ascii_formatd(number, sizeof number, "%.7f", level));
    g_string_append_c(text, ' ');
}

GArray *levels_parse(const char *text)
{
    GArray *levels = g_array_new(FALSE, FALSE, sizeof(double));
    for (char *end; *text; text = end + 1) {
        const double level = g_ascii_strtod(text, &end);
        if (end == text || *end != ' ' || !(level >= 0)) {
            g_array_unref(levels);
            return NULL;
        }
        g_array_append_val(levels, level);
    }
    return levels;
}

enum { FLICKER_TURNS = 2, CUT_FRAMES = 8, CUT_FRAMES_LEAST = 3, FLASH_FRAMES = 3, CUT_SPREADS = 2 };

static const double half_a_code = 0.5 / 219;

/* Levels of frames from `first` up to `end`. */
struct span {
    const double *level;
    int first, end;
};

static struct span span_cut(struct span all, int first, int end)
{
    return (struct span){all.level, MAX(first, all.first), MIN(end, all.end)};
}

/* The middle of as many as there are around `n` in both directions, moved in at the ends. */
static int middle_of(struct span shot, int n, int reach)
{
    const int within = MIN(reach, (shot.end - shot.first - 1) / 2);
    return CLAMP(n, shot.first + within, shot.end - 1 - within);
}

static struct span nearest(struct span shot, int n, int reach)
{
    const int middle = middle_of(shot, n, reach);
    return span_cut(shot, middle - reach, middle + reach + 1);
}

static int by_level(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

struct quartiles {
    double lower, median, upper;
};

static struct quartiles quartiles(struct span a)
{
    const int count = a.end - a.first;
    g_autofree double *sorted = g_memdup2(a.level + a.first, (gsize)count * sizeof(double));
    qsort(sorted, (size_t)count, sizeof(double), by_level);
    return (struct quartiles){sorted[count / 4], sorted[count / 2], sorted[(count - 1) * 3 / 4]};
}

/* How far levels go up or down before they turn, the median; 0: they hardly turn. */
static double swing_of(struct span a)
{
    g_autofree double *swings = g_new(double, a.end - a.first + 1);
    int count = 0, way = 0;
    double low = a.level[a.first], high = low;
    for (int i = a.first; i < a.end; i++) {
        const double level = a.level[i];
        const bool up = way <= 0 && level - low > half_a_code,
                   down = way >= 0 && high - level > half_a_code;
        if (up || down) {
            if (way)
                swings[count++] = high - low;
            way = up ? 1 : -1;
            *(up ? &high : &low) = level;
        }
        low = way > 0 ? low : MIN(low, level);
        high = way < 0 ? high : MAX(high, level);
    }
    swings[count++] = high - low;
    return count > FLICKER_TURNS ? quartiles((struct span){swings, 0, count}).median : 0;
}

static bool is_cut(struct span all, int n)
{
    const struct span before = span_cut(all, n - CUT_FRAMES, n),
                      after = span_cut(all, n, n + CUT_FRAMES);
    if (before.end - before.first < CUT_FRAMES_LEAST || after.end - after.first < CUT_FRAMES_LEAST)
        return false;
    const struct quartiles was = quartiles(before), is = quartiles(after);
    const double step = fabs(is.median - was.median),
                 spread = MAX(was.upper - was.lower, is.upper - is.lower);
    return step > MAX(CUT_SPREADS * spread, half_a_code) &&
           fabs(all.level[n] - all.level[n - 1]) > step / 2;
}

static bool is_flash(struct span shot, int n, double most)
{
    const double median = quartiles(nearest(shot, n, FLASH_FRAMES)).median;
    return fabs(shot.level[n] - median) > most * median;
}

/* A straight line by weighted least squares, at `n`. */
static double trend(struct span shot, const bool *flash, int n, double sigma)
{
    const int middle = middle_of(shot, n, (int)ceil(sigma)), reach = (int)ceil(3 * sigma);
    const struct span a = span_cut(shot, middle - reach, middle + reach + 1);
    double w = 0, wx = 0, wxx = 0, wy = 0, wxy = 0;
    for (int i = a.first; i < a.end; i++) {
        const double away = (i - middle) / sigma, x = i - n, y = a.level[i];
        const double weight = flash[i] ? 0 : exp(-away * away / 2);
        w += weight;
        wx += weight * x;
        wxx += weight * x * x;
        wy += weight * y;
        wxy += weight * x * y;
    }
    const double det = w * wxx - wx * wx;
    return det > 0 ? (wxx * wy - wx * wxy) / det : shot.level[n];
}

static double gain_of(struct span shot, const bool *flash, int n, double sigma)
{
    const double level = shot.level[n];
    const double swing = swing_of(nearest(shot, n, (int)ceil(sigma)));
    if (level <= 0 || flash[n] || swing <= 0)
        return 1;
    const double off = trend(shot, flash, n, sigma) - level;
    return 1 + off * CLAMP(2 - fabs(off) / swing, 0, 1) / level;
}

static void even_out(struct span shot, double sigma, double most, GArray *gains)
{
    g_autofree bool *flash = g_new0(bool, shot.end);
    for (int n = shot.first; n < shot.end; n++)
        flash[n] = is_flash(shot, n, most);
    for (int n = shot.first; n < shot.end; n++) {
        const double gain = gain_of(shot, flash, n, sigma);
        g_array_append_val(gains, gain);
    }
}

GArray *flicker_gains(const GArray *levels, double sigma_frames, double most)
{
    GArray *gains = g_array_new(FALSE, FALSE, sizeof(double));
    const struct span all = {(const double *)levels->data, 0, (int)levels->len};
    for (int first = 0, end; first < all.end; first = end) {
        for (end = first + 1; end < all.end && !is_cut(all, end);)
            end++;
        even_out(span_cut(all, first, end), sigma_frames, most, gains);
    }
    return gains;
}
