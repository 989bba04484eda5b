/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `grade` makes of the colours that flow. */
#include "flow.h"

#include "color/colors.h"
#include "grade.h"

#include <string.h>

static bool is_set(const struct node *printed, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (node_get(printed, names[i]))
            return true;
    return false;
}

/* The part of it that asks most for a space; NULL: it has none. */
static const char *what_it_has(const struct grade_params *grade)
{
    static const char *const sop[] = {"cdl", "slope", "offset", "power", "saturation", NULL};
    static const char *const controls[] = {"exposure", "temperature", "tint",   "contrast", "lift",
                                           "gamma",    "gain",        "curves", NULL};
    g_auto(node_ptr) printed = params_print(&grade_step.params, grade);
    if (is_set(printed, sop))
        return "CDL";
    if (grade->lut)
        return "LUT";
    return is_set(printed, controls) ? "grade" : NULL;
}

static bool must_name(const char *what, const struct colors *flows, struct mark at,
                      struct diag *diag)
{
    if (!colors_are_certain(flows) || !colors_are_special(flows))
        return true;
    g_autofree char *text = colors_text(flows, at);
    g_autofree char *hint = g_strdup_printf(
        "write space: %s if it is; else put a `color` step before it, for example color: {to: "
        "rec709}",
        flows->space->name);
    diag_error(diag, at, hint, "grade: %s flows here, and nothing says that the %s is meant for it",
               text, what);
    return false;
}

static bool must_be(const struct space *space, const char *what, const struct colors *flows,
                    struct mark at, struct diag *diag)
{
    if (flows->space == space)
        return true;
    g_autofree char *text = colors_text(flows, at);
    g_autofree char *hint =
        g_strdup_printf("put a step before it: color: {from: %s, to: %s}; or write space: %s",
                        flows->space->name, space->name, flows->space->name);
    diag_error(diag, at, hint, "grade: the %s is meant for %s, but %s flows here", what,
               space->name, text);
    return false;
}

static void note_taken(const struct space *space, const struct colors *flows, struct mark at,
                       struct diag *diag)
{
    if (flows->space == space)
        return;
    g_autofree char *text = colors_text(flows, at);
    diag_report(diag, DIAG_NOTE, at, NULL, "grade takes the picture as %s, not as %s", space->name,
                text);
}

bool grade_colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    const struct grade_params *grade = params;
    const struct space *space = grade->space ? &spaces[grade->space - 1] : NULL;
    const char *what = what_it_has(grade);
    bool fits = true;
    if (space && colors_are_certain(flows))
        fits = must_be(space, what ? what : "grade", flows, at, diag);
    else if (space)
        note_taken(space, flows, at, diag);
    else if (what)
        fits = must_name(what, flows, at, diag);
    if (space && (!fits || !colors_are_certain(flows)))
        colors_declare(flows, space, grade_step.name, at);
    if (grade->lut_to)
        colors_become(flows, &spaces[grade->lut_to - 1], grade_step.name, at);
    if (what && !flows->still)
        flows->depth = COLORS_FLOAT;
    return fits;
}
