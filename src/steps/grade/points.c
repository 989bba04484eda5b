/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curves of `grade` as text. */
#include "points.h"

#include "base/unit.h"

#include <math.h>

#define VALUE_LOW (-1.0)
#define VALUE_HIGH 2.0

static const char *const names[] = {
    [CURVE_RED] = "red", [CURVE_GREEN] = "green", [CURVE_BLUE] = "blue", [CURVE_MASTER] = "master"};

static int index_of(const char *name)
{
    for (int i = 0; i < CONTROL_CURVES; i++)
        if (!g_strcmp0(names[i], name))
            return i;
    return -1;
}

static bool is_value(double value)
{
    return value >= VALUE_LOW && value <= VALUE_HIGH;
}

/* NULL, or what is wrong with it; then `curve` has the points so far. */
static const char *add_point(struct monotone *curve, char *text)
{
    const int at = curve->count;
    g_auto(GStrv) words = g_strsplit(g_strstrip(text), " ", 2);
    if (at == MONOTONE_MAX)
        return "is a point too many";
    if (g_strv_length(words) != 2 || !number_parse(words[0], &curve->x[at]) ||
        !number_parse(g_strchug(words[1]), &curve->y[at]))
        return "is not a point";
    if (!is_value(curve->x[at]) || !is_value(curve->y[at]))
        return "is out of range";
    if (at && curve->x[at] <= curve->x[at - 1])
        return "does not lie right of the point before";
    curve->count++;
    return NULL;
}

static bool read_points(const char *text, struct monotone *curve, char **wrong)
{
    g_auto(GStrv) points = g_strsplit(text, ",", -1);
    curve->count = 0;
    for (char **point = points; *point; point++) {
        const char *why = add_point(curve, *point);
        if (!why)
            continue;
        *wrong = g_strdup_printf("\"%s\" %s", *point, why);
        return false;
    }
    if (curve->count < 2)
        *wrong = g_strdup_printf("\"%s\" is not two points or more", text);
    return curve->count >= 2;
}

static bool check_curve(const char *name, const char *text, struct mark at, struct diag *diag)
{
    struct monotone curve;
    g_autofree char *wrong = NULL;
    if (index_of(name) < 0) {
        diag_error(diag, at, "allowed: master, red, green, blue",
                   "grade.curves: there is no curve \"%s\"", name);
        return false;
    }
    if (read_points(text, &curve, &wrong))
        return true;
    diag_error(diag, at,
               "allowed: 2 to 64 points, input and output, -1 to 2, the inputs ascending; for "
               "example \"0 0, 0.5 0.6, 1 1\"",
               "grade.curves.%s: %s", name, wrong);
    return false;
}

bool curves_check(const GPtrArray *curves, struct mark at, struct diag *diag)
{
    bool good = true;
    for (guint i = 0; curves && i < curves->len; i += 2)
        good = check_curve(curves->pdata[i], curves->pdata[i + 1], at, diag) && good;
    return good;
}

void curves_read(const GPtrArray *curves, struct monotone points[CONTROL_CURVES])
{
    for (int i = 0; i < CONTROL_CURVES; i++)
        points[i].count = 0;
    for (guint i = 0; curves && i < curves->len; i += 2) {
        g_autofree char *wrong = NULL;
        read_points(curves->pdata[i + 1], &points[index_of(curves->pdata[i])], &wrong);
    }
}
