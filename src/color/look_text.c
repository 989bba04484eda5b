/* SPDX-License-Identifier: GPL-3.0-or-later
 * A look in words, for reports. */
#include "base/unit.h"
#include "color/look.h"

#include <float.h>

static void say_numbers(GString *to, const char *name, const double *values, int count)
{
    g_string_append(to, name);
    for (int i = 0; i < count; i++) {
        g_autofree char *text = number_text(values[i]);
        g_string_append_printf(to, " %s", text);
    }
}

static void say_cdl(GString *to, const struct cdl *cdl)
{
    say_numbers(to, "CDL slope", cdl->slope, 3);
    say_numbers(to, ", offset", cdl->offset, 3);
    say_numbers(to, ", power", cdl->power, 3);
    say_numbers(to, ", saturation", &cdl->saturation, 1);
    if (cdl_is_neutral(cdl))
        g_string_append(to, " (neutral: not applied)");
    else if (cdl->clamp == CDL_CLAMP_ASC)
        g_string_append(to, " (ASC clamp)");
    else
        g_string_append(to, " (no clamp)");
}

static void say_clamp(GString *to, double low, double high)
{
    if (low > -FLT_MAX)
        say_numbers(to, high < FLT_MAX ? "clamp" : "clamp above", &low, 1);
    if (high < FLT_MAX)
        say_numbers(to, low > -FLT_MAX ? " to" : "clamp below", &high, 1);
}

static void say_stage(GString *to, const struct look_stage *stage)
{
    const unsigned n =
        stage->kind == LOOK_CURVES || stage->kind == LOOK_CUBE ? stage->table.size : 0;
    switch (stage->kind) {
    case LOOK_CDL:
        say_cdl(to, &stage->cdl);
        break;
    case LOOK_CURVES:
        g_string_append_printf(to, "1D of %u points", n);
        break;
    case LOOK_CUBE:
        g_string_append_printf(to, "cube of %ux%ux%u", n, n, n);
        break;
    case LOOK_MATRIX:
        g_string_append(to, "matrix");
        break;
    case LOOK_CLAMP:
        say_clamp(to, stage->clamp.low, stage->clamp.high);
        break;
    case LOOK_FUNCTIONS:
        g_string_append(to, "curves");
        break;
    case LOOK_TONE:
        g_string_append(to, "tone curve");
        break;
    }
}

static void say_stages(GString *to, const struct look *look)
{
    for (guint i = 0; i < look->stages->len; i++) {
        if (i)
            g_string_append(to, ", ");
        say_stage(to, &g_array_index(look->stages, struct look_stage, i));
    }
}

static void say_file(GString *to, const struct look *look)
{
    g_string_append(to, look->name);
    if (look->title)
        g_string_append_printf(to, " \"%s\"", look->title);
    g_string_append(to, " (");
    say_stages(to, look);
    g_string_append_printf(to, ", XXH3 %s%s)", look->hash,
                           look_is_identity(look) ? ", an identity: not applied" : "");
}

char *look_describe(const struct look *look)
{
    GString *text = g_string_new(look->summary);
    if (look->summary && look->name)
        g_string_append(text, " ");
    if (look->name)
        say_file(text, look);
    else if (!look->summary)
        say_stages(text, look);
    return g_string_free(text, FALSE);
}
