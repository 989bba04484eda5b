/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which part of a picture is kept of which not all can be. */
#include "focus.h"

#include <math.h>

const char *const focus_names[] = {
    "center",    "top",         "bottom",       "left",      "right",   "top-left",
    "top-right", "bottom-left", "bottom-right", "attention", "entropy", NULL,
};

bool focus_check(const struct focus *focus, const char *step, struct mark at, struct diag *diag)
{
    if (!focus->place || !focus->focal.set)
        return true;
    diag_error(diag, at, "leave one of them out", "%s: both a place and a focal point are given",
               step);
    return false;
}

bool focus_looks(const struct focus *focus)
{
    return focus->place >= FOCUS_ATTENTION && !focus->focal.set;
}

static int about(double share, int outer, int inner)
{
    return CLAMP((int)lround(share * outer - inner / 2.0), 0, outer - inner);
}

void focus_box(const struct focus *focus, int outer_width, int outer_height, int width, int height,
               int *x, int *y)
{
    if (focus->focal.set) {
        *x = about(focus->focal.x, outer_width, width);
        *y = about(focus->focal.y, outer_height, height);
    } else {
        place_box(focus_looks(focus) ? PLACE_CENTER : (enum place)focus->place, outer_width,
                  outer_height, width, height, 0, x, y);
    }
}

char *focus_words(const struct focus *focus)
{
    if (focus->focal.set)
        return g_strdup_printf(", about %g, %g", focus->focal.x, focus->focal.y);
    return focus_looks(focus) ? g_strdup_printf(", by %s", focus_names[focus->place])
                              : g_strdup("");
}
