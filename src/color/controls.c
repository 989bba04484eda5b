/* SPDX-License-Identifier: GPL-3.0-or-later
 * The controls of a grading desk. */
#include "color/controls.h"

#include "base/unit.h"
#include "color/white.h"

#include <math.h>
#include <string.h>

/* Curves are tables: a point every 1/2048 from -1 to 2, among them every code of 10 bits' knots. */
enum { CURVE_POINTS = 3 * 2048 + 1 };
#define CURVE_LOW (-1.0)
#define CURVE_HIGH 2.0

static void add_scale(struct look *look, const double factor[3], const double offset[3])
{
    struct look_matrix matrix = {0};
    for (int c = 0; c < 3; c++) {
        matrix.factor[c][c] = factor[c];
        matrix.offset[c] = offset[c];
    }
    look_add_matrix(look, &matrix);
}

static void add_power(struct look *look, const double power[3])
{
    struct cdl cdl = cdl_neutral();
    cdl.clamp = CDL_CLAMP_NONE;
    memcpy(cdl.power, power, sizeof cdl.power);
    look_add_cdl(look, &cdl);
}

static void say(GString *to, const char *name, const double *values, int count)
{
    g_string_append_printf(to, "%s%s", to->len ? ", " : "", name);
    for (int i = 0; i < count; i++) {
        g_autofree char *text = number_text(values[i]);
        g_string_append_printf(to, " %s", text);
    }
}

static bool all(const double values[3], double neutral)
{
    return values[0] == neutral && values[1] == neutral && values[2] == neutral;
}

static void add_light(const struct controls *controls, struct look *look, GString *summary)
{
    double factor[3];
    const double exposure = exp2(controls->exposure_stops);
    white_gains(controls->temperature_k, controls->tint, factor);
    for (int c = 0; c < 3; c++)
        factor[c] = pow(exposure * factor[c], 1 / controls->light_gamma);
    if (all(factor, 1))
        return;
    add_scale(look, factor, (const double[3]){0});
    if (controls->exposure_stops != 0)
        say(summary, "exposure", &controls->exposure_stops, 1);
    if (controls->temperature_k != WHITE_NEUTRAL_K)
        say(summary, "temperature", &controls->temperature_k, 1);
    if (controls->tint != 0)
        say(summary, "tint", &controls->tint, 1);
}

/* p: exponent, pivot. */
static double power_around(const double *p, double x)
{
    return copysign(p[1] * pow(fabs(x) / p[1], p[0]), x);
}

static void add_contrast(const struct controls *controls, struct look *look, GString *summary)
{
    const bool linear = controls->light_gamma == 1;
    const double grey = linear ? CONTROLS_GREY_LINEAR : CONTROLS_GREY_VIDEO,
                 pivot = isnan(controls->pivot) ? grey : controls->pivot, by = controls->contrast,
                 rest = pivot * (1 - by);
    if (by == 1)
        return;
    if (linear)
        look_add_function(look, &(struct look_function){.at = power_around, .p = {by, pivot}});
    else
        add_scale(look, (const double[]){by, by, by}, (const double[]){rest, rest, rest});
    say(summary, "contrast", &by, 1);
    say(summary, "pivot", &pivot, 1);
}

static void add_wheels(const struct controls *controls, struct look *look, GString *summary)
{
    double slope[3], offset[3], power[3];
    for (int c = 0; c < 3; c++) {
        slope[c] = 1 / (1 / controls->gain[c] + controls->lift[c]);
        offset[c] = controls->lift[c] * slope[c];
        power[c] = 1 / controls->gamma[c];
    }
    if (!all(slope, 1) || !all(offset, 0))
        add_scale(look, slope, offset);
    if (!all(power, 1))
        add_power(look, power);
    if (!all(controls->lift, 0))
        say(summary, "lift", controls->lift, 3);
    if (!all(controls->gamma, 1))
        say(summary, "gamma", controls->gamma, 3);
    if (!all(controls->gain, 1))
        say(summary, "gain", controls->gain, 3);
}

static double curve_at(const struct monotone *curve, double x)
{
    return curve->count ? monotone_at(curve, x) : x;
}

static void add_curves(const struct controls *controls, struct look *look, GString *summary)
{
    static const char *const names[] = {"red curve", "green curve", "blue curve", "curve"};
    const struct monotone *const curves = controls->curves;
    bool any = false;
    for (int i = 0; i < CONTROL_CURVES; i++) {
        if (curves[i].count)
            say(summary, names[i], NULL, 0);
        any = any || curves[i].count;
    }
    if (!any)
        return;
    struct look_table *table = look_add_table(look, LOOK_CURVES, CURVE_POINTS);
    for (int i = 0; i < CURVE_POINTS; i++) {
        const double x = CURVE_LOW + (CURVE_HIGH - CURVE_LOW) * i / (CURVE_POINTS - 1);
        for (int c = 0; c < 3; c++)
            table->points[i][c] = (float)curve_at(&curves[CURVE_MASTER], curve_at(&curves[c], x));
    }
    table->straight = true;
    for (int c = 0; c < 3; c++) {
        table->domain.min[c] = CURVE_LOW;
        table->domain.max[c] = CURVE_HIGH;
    }
}

struct look *controls_look(const struct controls *controls)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    g_autoptr(GString) summary = g_string_new(NULL);
    add_light(controls, look, summary);
    add_contrast(controls, look, summary);
    add_wheels(controls, look, summary);
    add_curves(controls, look, summary);
    if (look_is_identity(look))
        return NULL;
    look->summary = g_string_free(g_steal_pointer(&summary), FALSE);
    return g_steal_pointer(&look);
}
