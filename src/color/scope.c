/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts a picture's values. */
#include "scope.h"

#include <math.h>

struct scope *scope_create(enum scope_kind kind, int width, int height, struct luma_weights weights)
{
    struct scope *scope = g_new0(struct scope, 1);
    scope->kind = kind;
    scope->width = width;
    scope->height = height;
    scope->weights = weights;
    scope->counts = g_new0(guint32, (gsize)width * (gsize)height);
    return scope;
}

void scope_destroy(struct scope *scope)
{
    if (!scope)
        return;
    g_free(scope->counts);
    g_free(scope);
}

static int within(double at, int size)
{
    return isnan(at) || at < 0 ? 0 : at > size - 1 ? size - 1 : (int)at;
}

int scope_row(const struct scope *scope, double level)
{
    const double from_top = (SCOPE_HIGH - level) / (SCOPE_HIGH - SCOPE_LOW);
    return within(from_top * (scope->height - 1) + 0.5, scope->height);
}

double scope_scale(const struct scope *scope)
{
    return (MIN(scope->width, scope->height) - 1) / (2 * SCOPE_CHROMA);
}

void scope_place(const struct scope *scope, double cb, double cr, int *x, int *y)
{
    const double scale = scope_scale(scope);
    *x = within((scope->width - 1) / 2.0 + cb * scale + 0.5, scope->width);
    *y = within((scope->height - 1) / 2.0 - cr * scale + 0.5, scope->height);
}

static double luma(const struct luma_weights *w, double r, double g, double b)
{
    return w->kr * r + (1 - w->kr - w->kb) * g + w->kb * b;
}

void scope_chroma(const struct luma_weights *weights, double r, double g, double b, double *cb,
                  double *cr)
{
    const double y = luma(weights, r, g, b);
    *cb = (b - y) / (2 - 2 * weights->kb);
    *cr = (r - y) / (2 - 2 * weights->kr);
}

static void count_at(struct scope *scope, int x, int y)
{
    scope->counts[(gsize)y * (gsize)scope->width + (gsize)x]++;
}

static double number(float value)
{
    return isnan(value) ? 0 : value;
}

static void add_waveform(struct scope *scope, const float *const rgb[3], int count)
{
    for (int i = 0; i < count; i++) {
        const double y =
            luma(&scope->weights, number(rgb[0][i]), number(rgb[1][i]), number(rgb[2][i]));
        count_at(scope, (int)((gint64)i * scope->width / count), scope_row(scope, y));
    }
}

static void add_parade(struct scope *scope, const float *const rgb[3], int count)
{
    const int panel = scope->width / 3;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < count; i++)
            count_at(scope, c * panel + (int)((gint64)i * panel / count),
                     scope_row(scope, number(rgb[c][i])));
}

static void add_vectors(struct scope *scope, const float *const rgb[3], int count)
{
    for (int i = 0; i < count; i++) {
        double cb, cr;
        int x, y;
        scope_chroma(&scope->weights, number(rgb[0][i]), number(rgb[1][i]), number(rgb[2][i]), &cb,
                     &cr);
        scope_place(scope, cb, cr, &x, &y);
        count_at(scope, x, y);
    }
}

void scope_add(struct scope *scope, const float *r, const float *g, const float *b, int count)
{
    static void (*const add[])(struct scope *, const float *const[3], int) = {
        [SCOPE_WAVEFORM] = add_waveform,
        [SCOPE_PARADE] = add_parade,
        [SCOPE_VECTORSCOPE] = add_vectors,
    };
    add[scope->kind](scope, (const float *const[]){r, g, b}, count);
    scope->total += (guint64)count;
}

guint32 scope_count(const struct scope *scope, int x, int y)
{
    return scope->counts[(gsize)y * (gsize)scope->width + (gsize)x];
}
