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

enum { FLICKER_TURNS = 2 };

/* The levels around one, as far as there are any. */
struct around {
    const double *level;
    int first, end;
};

static struct around around(const GArray *levels, int n, int reach)
{
    return (struct around){(const double *)levels->data, MAX(n - reach, 0),
                           MIN(n + reach + 1, (int)levels->len)};
}

/* As many as that at the ends as well. */
static struct around nearest(const GArray *levels, int n, int reach)
{
    const int count = MIN(2 * reach + 1, (int)levels->len);
    const int first = CLAMP(n - reach, 0, (int)levels->len - count);
    return (struct around){(const double *)levels->data, first, first + count};
}

/* How often they begin to fall after they rose, or to rise after they fell. */
static int turns(struct around a)
{
    int turned = 0, before = 0;
    for (int i = a.first + 1; i < a.end; i++) {
        const int way = (a.level[i] > a.level[i - 1]) - (a.level[i] < a.level[i - 1]);
        turned += way * before < 0;
        before = way ? way : before;
    }
    return turned;
}

static int by_level(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static double median(struct around a)
{
    const int count = a.end - a.first;
    g_autofree double *sorted = g_memdup2(a.level + a.first, (gsize)count * sizeof(double));
    qsort(sorted, (size_t)count, sizeof(double), by_level);
    return sorted[count / 2];
}

static double mean(struct around a, int n, double sigma, double middle, double off_most)
{
    double sum = 0, weights = 0;
    for (int i = a.first; i < a.end; i++) {
        const double away = (i - n) / sigma;
        if (fabs(a.level[i] - middle) > off_most)
            continue;
        sum += exp(-away * away / 2) * a.level[i];
        weights += exp(-away * away / 2);
    }
    return sum / weights;
}

static double gain_of(const GArray *levels, int n, double sigma, double most)
{
    const double level = g_array_index(levels, double, (guint)n);
    const struct around near = nearest(levels, n, (int)ceil(sigma));
    if (turns(near) < FLICKER_TURNS)
        return 1;
    const double middle = median(near);
    if (level <= 0 || fabs(level - middle) > most * middle)
        return 1;
    return mean(around(levels, n, (int)ceil(3 * sigma)), n, sigma, middle, most * middle) / level;
}

GArray *flicker_gains(const GArray *levels, double sigma_frames, double most)
{
    GArray *gains = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint n = 0; n < levels->len; n++) {
        const double gain = gain_of(levels, (int)n, sigma_frames, most);
        g_array_append_val(gains, gain);
    }
    return gains;
}
