/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: what was kept, in words. */
#include "note.h"

#include "trim.h"

#include <math.h>

static bool is_off(double a_s, double b_s)
{
    static const double rounding_s = 0.001;
    return fabs(a_s - b_s) > rounding_s;
}

void trim_note(struct chain *chain, const struct programme *programme, const struct trim *trim,
               double from_s, double to_s)
{
    const struct rational fps = chain_video(chain)->fps;
    struct failure ignored = {FAIL_NONE, NULL};
    double asked_from_s = from_s, asked_to_s = to_s;
    bool clipped = false;
    programme_trim(programme, trim, NULL, &asked_from_s, &asked_to_s, &clipped, &ignored);
    failure_clear(&ignored);
    const double first_s = trim_on_frame(fmax(from_s, 0), fps), end_s = trim_on_frame(to_s, fps);
    if (isnan(to_s))
        to_s = programme->duration_s;
    if (isnan(asked_to_s))
        asked_to_s = programme->duration_s;
    from_s = seconds_shown(from_s);
    asked_from_s = seconds_shown(asked_from_s);
    if (is_off(from_s, asked_from_s) || is_off(to_s, asked_to_s))
        chain_note(chain, NOTE_MOVED "requested %.3f-%.3f s, actual %.3f-%.3f s", asked_from_s,
                   asked_to_s, from_s, to_s);
    else
        chain_note(chain, "trimmed to %.3f-%.3f s%s", seconds_shown(first_s),
                   isnan(end_s) ? to_s : end_s,
                   clipped ? " (the source ends before the asked end)" : "");
}
