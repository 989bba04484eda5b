/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spans of time. */
#include "spans.h"

#include <math.h>

void spans_init(struct spans *spans, double least_s)
{
    *spans = (struct spans){g_array_new(FALSE, FALSE, sizeof(struct span)), NAN, least_s};
}

void spans_clear(struct spans *spans)
{
    g_clear_pointer(&spans->found, g_array_unref);
}

void spans_tell(struct spans *spans, bool on, double at_s)
{
    if (on && isnan(spans->start_s))
        spans->start_s = at_s;
    if (on || isnan(spans->start_s))
        return;
    struct span span = {spans->start_s, at_s};
    if (at_s - spans->start_s >= spans->least_s - 1e-6)
        g_array_append_val(spans->found, span);
    spans->start_s = NAN;
}

void spans_add(struct spans *spans, struct span span, double join_s)
{
    struct span *last =
        spans->found->len ? &g_array_index(spans->found, struct span, spans->found->len - 1) : NULL;
    if (last && span.start_s - last->end_s < join_s) {
        last->start_s = fmin(last->start_s, span.start_s);
        last->end_s = fmax(last->end_s, span.end_s);
    } else
        g_array_append_val(spans->found, span);
}

void spans_read(struct spans *spans, double end_s, GArray **out)
{
    spans_tell(spans, false, end_s);
    g_clear_pointer(out, g_array_unref);
    *out = g_array_copy(spans->found);
}
