/* SPDX-License-Identifier: GPL-3.0-or-later
 * Times of frames one after the other: where one is left out, or they go back. */
#pragma once

#include "spans.h"

struct times_meter {
    double first_s, last_s, end_s; /* of what came so far; NAN nothing */
    struct spans gaps;
};

void times_meter_init(struct times_meter *meter);
void times_meter_clear(struct times_meter *meter);
/* A frame that comes more than `late_s` after the end of the one before leaves a gap. */
void times_meter_feed(struct times_meter *meter, double at_s, double duration_s, double late_s);
