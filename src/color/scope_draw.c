/* SPDX-License-Identifier: GPL-3.0-or-later
 * Draws scopes: a dark ground, thin lines, and the counts as light on them. */
#include "scope.h"

#include <math.h>

struct ink {
    double r, g, b;
};

static const struct ink ground = {13, 14, 17}, line = {44, 46, 52}, mark = {104, 107, 115},
                        skin = {150, 118, 92}, trace = {214, 226, 218}, illegal = {255, 122, 66};
static const struct ink channels[3] = {{255, 92, 84}, {92, 222, 116}, {96, 148, 255}};

static struct ink mixed(struct ink below, struct ink above, double cover)
{
    return (struct ink){below.r + (above.r - below.r) * cover,
                        below.g + (above.g - below.g) * cover,
                        below.b + (above.b - below.b) * cover};
}

/* Counts of a pixel and its neighbours, so that the steps of 8-bit values make no pattern. */
static double around(const struct scope *scope, int x, int y)
{
    static const double weights[3] = {0.25, 0.5, 0.25};
    double sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (x + dx >= 0 && x + dx < scope->width && y + dy >= 0 && y + dy < scope->height)
                sum += weights[dx + 1] * weights[dy + 1] * scope_count(scope, x + dx, y + dy);
    return sum;
}

/* Light of a count: 0 none, towards 1. An even spread over the whole scope would be 1 everywhere
 * before the curve, which lifts what is rare. */
static double light(const struct scope *scope, int x, int y)
{
    const double even = (double)scope->total / ((double)scope->width * scope->height);
    const double count = around(scope, x, y);
    return count > 0 ? 1 - exp(-0.75 * pow(count / even, 0.45)) : 0;
}

/* --- levels --- */

static struct ink level_ground(const struct scope *scope, int y)
{
    static const double levels[] = {0, 1, 0.25, 0.5, 0.75};
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        if (scope_row(scope, levels[i]) == y)
            return i < 2 ? mark : line;
    return ground;
}

static struct ink level_ink(const struct scope *scope, int x, int y)
{
    if (scope->kind == SCOPE_PARADE)
        return channels[MIN(x / (scope->width / 3), 2)];
    return y < scope_row(scope, 1) - 1 || y > scope_row(scope, 0) + 1 ? illegal : trace;
}

static struct ink level_pixel(const struct scope *scope, int x, int y)
{
    return mixed(level_ground(scope, y), level_ink(scope, x, y), light(scope, x, y));
}

/* --- colours --- */

/* Cover of a line one pixel wide whose middle is so far away. */
static double stroke(double distance)
{
    return CLAMP(1 - fabs(distance), 0, 1);
}

static double skin_cover(double across, double up, double reach)
{
    const double angle = SCOPE_SKIN_DEGREES * G_PI / 180;
    const double along = across * cos(angle) + up * sin(angle),
                 beside = up * cos(angle) - across * sin(angle);
    return along > 0 && along < reach ? stroke(beside) : 0;
}

/* A square's outline around the target of a 75 % bar. */
static double box_cover(const struct scope *scope, int bar, double across, double up)
{
    const double half = 0.035 * scope_scale(scope), level = 0.75;
    double cb, cr;
    scope_chroma(&scope->weights, level * (bar & 1), level * (bar >> 1 & 1), level * (bar >> 2 & 1),
                 &cb, &cr);
    const double dx = fabs(across - cb * scope_scale(scope)),
                 dy = fabs(up - cr * scope_scale(scope));
    return stroke(MAX(dx, dy) - half);
}

/* The full colour at an angle, for the trace and the boxes. */
static struct ink hue(const struct scope *scope, double cb, double cr)
{
    const struct luma_weights *w = &scope->weights;
    const double r = cr * (2 - 2 * w->kr), b = cb * (2 - 2 * w->kb),
                 g = -(w->kr * r + w->kb * b) / (1 - w->kr - w->kb);
    const double most = MAX(MAX(r, g), b), least = MIN(MIN(r, g), b), span = most - least;
    const double pale = span > 0 ? MIN(span / 0.25, 1) : 0;
    if (span <= 0)
        return trace;
    return mixed(trace,
                 (struct ink){70 + 185 * (r - least) / span, 70 + 185 * (g - least) / span,
                              70 + 185 * (b - least) / span},
                 pale);
}

/* Of the box of a bar; bits are red, green, blue. */
static struct ink bar_ink(int bar)
{
    return (struct ink){bar & 1 ? 190 : 60, bar & 2 ? 190 : 60, bar & 4 ? 200 : 60};
}

static struct ink vector_ground(const struct scope *scope, double across, double up)
{
    const double reach = 0.5 * scope_scale(scope);
    struct ink ink = ground;
    ink = mixed(ink, line, stroke(hypot(across, up) - reach));
    if (hypot(across, up) < reach)
        ink = mixed(ink, line, MAX(stroke(across), stroke(up)));
    ink = mixed(ink, skin, skin_cover(across, up, reach));
    for (int bar = 1; bar < 7; bar++)
        ink = mixed(ink, bar_ink(bar), box_cover(scope, bar, across, up));
    return ink;
}

static struct ink vector_pixel(const struct scope *scope, int x, int y)
{
    const double across = x - (scope->width - 1) / 2.0, up = (scope->height - 1) / 2.0 - y,
                 scale = scope_scale(scope);
    return mixed(vector_ground(scope, across, up), hue(scope, across / scale, up / scale),
                 light(scope, x, y));
}

void scope_draw(const struct scope *scope, guint8 *pixels, gsize stride)
{
    for (int y = 0; y < scope->height; y++)
        for (int x = 0; x < scope->width; x++) {
            const struct ink ink = scope->kind == SCOPE_VECTORSCOPE ? vector_pixel(scope, x, y)
                                                                    : level_pixel(scope, x, y);
            guint8 *out = pixels + (gsize)y * stride + 3 * (gsize)x;
            out[0] = (guint8)lround(ink.r);
            out[1] = (guint8)lround(ink.g);
            out[2] = (guint8)lround(ink.b);
        }
}
