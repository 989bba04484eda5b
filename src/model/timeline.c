/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of a programme. */
#include "model/timeline.h"

#include "model/facts.h"

#include <glib.h>
#include <math.h>

struct timeline timeline_of(const struct facts *facts)
{
    return (struct timeline){.duration_s = facts->duration_s > 0 ? facts->duration_s : NAN,
                             .picture_s = facts_frames_s(facts),
                             .fps = facts->fps,
                             .timecode = facts->timecode};
}

double timeline_seen_s(const struct timeline *timeline)
{
    return isnan(timeline->picture_s) ? timeline->duration_s : timeline->picture_s;
}

char *timeline_find(const struct timeline *timeline, const struct position *position,
                    const char *what, double *seconds)
{
    const bool counted = position->from_end || position->kind == POSITION_PERCENT;
    const double length_s = counted ? timeline_seen_s(timeline) : timeline->duration_s;
    g_autofree char *why = NULL;
    if (position->kind == POSITION_NONE ||
        position_resolve(position, length_s, timeline->fps, timeline->timecode, seconds, &why))
        return NULL;
    g_autofree char *text = position_text(position);
    return g_strdup_printf("%s: %s: %s", what, text, why);
}
