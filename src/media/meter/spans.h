/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spans of time in the making. */
#pragma once

#include "model/facts.h"

/* Set up by spans_init, then told of every frame in turn. */
struct spans {
    GArray *found;  /* struct span */
    double start_s; /* of the span at hand; NAN none */
    double least_s; /* shorter ones don't count */
};
void spans_init(struct spans *spans, double least_s);
void spans_clear(struct spans *spans);
/* From at_s on it is so, or isn't. */
void spans_tell(struct spans *spans, bool on, double at_s);
/* One more span; with a last one that ended less than `join_s` ago it is one. */
void spans_add(struct spans *spans, struct span span, double join_s);
/* At the end; in place of what is in `out`. */
void spans_read(struct spans *spans, double end_s, GArray **out);
